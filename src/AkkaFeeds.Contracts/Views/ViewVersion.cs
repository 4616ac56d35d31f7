using System.Buffers;

namespace AkkaFeeds.Contracts;

/// <summary>
/// One version of one key's view, as a relay has it, with what is encoded of it: once for all who ask alike. Safe for
/// several threads.
/// </summary>
public sealed class ViewVersion
{
    // Clients of one key hold very few different versions: those that keep pace hold one. Beyond this it begins anew.
    private const int DeltasMax = 8;

    private const int ScratchBytesMax = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? scratch;

    private readonly ChangeRing ring;

    // The newest first. Two threads may put theirs on the same one, and one of the two is encoded again then.
    private volatile Delta? deltas;

    /// <summary>Makes a version.</summary>
    /// <param name="name">The key.</param>
    /// <param name="epoch">The slot's incarnation.</param>
    /// <param name="version">Counts the changes; 0 where no record has made the key.</param>
    /// <param name="view">The view; null where no record has made the key.</param>
    /// <param name="at">The newest <c>created</c> instant, Unix ms.</param>
    /// <param name="positions">The last offset folded, by partition.</param>
    /// <param name="ring">What changed before, of this epoch.</param>
    public ViewVersion(
        FrameName name, string epoch, long version, ViewNode? view, long at,
        IReadOnlyList<KeyValuePair<string, long>> positions, ChangeRing ring)
    {
        Name = name;
        Epoch = epoch;
        Version = version;
        View = view;
        At = at;
        Positions = positions;
        this.ring = ring;
    }

    /// <summary>Whether an epoch is of the same topics: positions of other topics mean nothing.</summary>
    public static bool IsSameLog(string held, string epoch) =>
        held.AsSpan(0, Math.Max(held.IndexOf('.'), 0)).SequenceEqual(epoch.AsSpan(0, Math.Max(epoch.IndexOf('.'), 0)));

    /// <summary>Whether it is as far as what somebody holds, in each partition of that.</summary>
    public bool HasReached(IReadOnlyList<KeyValuePair<string, long>> held)
    {
        for (var at = 0; at < held.Count; at++)
        {
            var reached = -1L;
            for (var index = 0; index < Positions.Count; index++)
            {
                reached = Positions[index].Key == held[at].Key ? Positions[index].Value : reached;
            }

            if (reached < held[at].Value)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The key.</summary>
    public FrameName Name { get; }

    /// <summary>The slot's incarnation.</summary>
    public string Epoch { get; }

    /// <summary>Counts the changes; 0 where no record has made the key.</summary>
    public long Version { get; }

    /// <summary>The view; null where no record has made the key.</summary>
    public ViewNode? View { get; }

    /// <summary>The newest <c>created</c> instant, Unix ms.</summary>
    public long At { get; }

    /// <summary>The last offset folded, by partition.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Positions { get; }

    /// <summary>
    /// The delta frame for who was last sent <paramref name="baseVersion"/> and has missed nothing of his fields up to
    /// <paramref name="from"/>.
    /// </summary>
    /// <param name="baseVersion">The version that the client holds.</param>
    /// <param name="from">Up to where nothing that he wants has changed since; at least the base.</param>
    /// <param name="fields">What he wants; null for everything.</param>
    /// <param name="frame">The frame; empty where nothing of it changed.</param>
    /// <returns>False where too much has changed since: he needs a snapshot.</returns>
    public bool TryDelta(long baseVersion, long from, FieldSelection? fields, out ReadOnlyMemory<byte> frame)
    {
        var known = deltas;
        for (var delta = known; delta is not null; delta = delta.Next)
        {
            if (delta.Base == baseVersion && delta.From == from && Equals(delta.Fields, fields))
            {
                frame = delta.Frame;
                return true;
            }
        }

        frame = default;
        if (View is not null && from == Version)
        {
            return true;
        }

        if (View is null || ring.Between(from, Version) is not { } paths)
        {
            return false;
        }

        var buffer = scratch ??= new ArrayBufferWriter<byte>(256);
        buffer.ResetWrittenCount();
        if (KeyFrames.TryWriteDelta(this, baseVersion, paths, fields, buffer))
        {
            frame = buffer.WrittenSpan.ToArray();
        }

        // What one large delta took is not kept for the small ones.
        scratch = buffer.Capacity > ScratchBytesMax ? null : buffer;

        deltas = new Delta(baseVersion, from, fields, frame, known?.Count < DeltasMax ? known : null);
        return true;
    }

    private sealed record Delta(
        long Base, long From, FieldSelection? Fields, ReadOnlyMemory<byte> Frame, Delta? Next)
    {
        public int Count { get; } = 1 + (Next?.Count ?? 0);
    }
}
