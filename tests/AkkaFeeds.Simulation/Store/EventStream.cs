namespace AkkaFeeds.Simulation.Store;

/// <summary>The journal and the snapshots of one persistence id.</summary>
internal sealed class EventStream
{
    public List<StoredEvent> Events { get; private init; } = [];

    public List<StoredSnapshot> Snapshots { get; private init; } = [];

    /// <summary>
    /// The highest sequence number that the journal can still tell. Deleted events leave no mark here, which is
    /// harsher than the real store.
    /// </summary>
    public long Highest => Events.Count == 0 ? 0 : Events[^1].Sequence;

    public EventStream Copy() => new() { Events = [.. Events], Snapshots = [.. Snapshots] };

    public void Insert(StoredEvent stored)
    {
        var index = Events.Count;
        while (index > 0 && Events[index - 1].Sequence > stored.Sequence)
        {
            index--;
        }

        if (index > 0 && Events[index - 1].Sequence == stored.Sequence)
        {
            throw new ViolationException($"two events have the sequence number {stored.Sequence}");
        }

        Events.Insert(index, stored);
    }
}

/// <summary>An event with its sequence number.</summary>
internal readonly record struct StoredEvent(long Sequence, object Event);

/// <summary>A snapshot, which counts once its manifest is there.</summary>
internal readonly record struct StoredSnapshot(long Sequence, byte[] Bytes, bool IsWhole);
