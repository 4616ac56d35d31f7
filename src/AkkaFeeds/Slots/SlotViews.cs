using System.Buffers;
using System.Globalization;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Compilation;
using AkkaFeeds.Entities;
using AkkaFeeds.Freshness;
using AkkaFeeds.Slots.Keys;
using AkkaFeeds.Slots.Protocol;
using AkkaFeeds.Telemetry;

namespace AkkaFeeds.Slots;

/// <summary>What a slot shows to whoever asks: views, keys, rows, each with its state.</summary>
internal sealed class SlotViews(
    ServedFeed feed, SlotKeys keys, SlotProtocol protocol, FeedBoard board, long incarnation, long recoveredAt)
{
    private static readonly FreshnessState[] States = Enum.GetValues<FreshnessState>();

    private readonly ViewProgram view = feed.Compiled.View;
    private readonly ArrayBufferWriter<byte> buffer = new(1024);
    private readonly List<string> removed = [];

    /// <summary>What a key shows now.</summary>
    public KeySnapshot Snapshot(KeyName name)
    {
        var state = keys.Peek(name);
        if (state is null)
        {
            return new KeySnapshot(feed.Name, name, protocol.Epoch, 0, default, 0, [], StateOf(null, isMade: false));
        }

        return new KeySnapshot(
            feed.Name, name, protocol.Epoch, state.Version, Render(state), state.At, PositionsOf(state),
            StateOf(keys.QuarantinedSince(name), isMade: true));
    }

    /// <summary>Whether a record has made a key.</summary>
    public bool Has(KeyName name) => keys.Peek(name) is not null;

    /// <summary>A key as it is, for its entity; null where no record has made it.</summary>
    /// <param name="name">The key.</param>
    /// <param name="nodes">Who is to be told.</param>
    public EntityMessages.Changed? Whole(KeyName name, IReadOnlyList<EntityMessages.Numbered> nodes) =>
        keys.Peek(name) is { } state
            ? new EntityMessages.Changed(
                state.Version, Whole: true, Render(state), [], state.At, PositionsOf(state),
                keys.QuarantinedSince(name) ?? 0, nodes)
            : null;

    /// <summary>What changed of a key, for its entity.</summary>
    /// <param name="name">The key.</param>
    /// <param name="fields">The fields that changed.</param>
    /// <param name="nodes">Who is to be told.</param>
    public EntityMessages.Changed Change(
        KeyName name, FieldSet fields, IReadOnlyList<EntityMessages.Numbered> nodes)
    {
        var state = keys.Peek(name)!;
        if (view.HasStar)
        {
            return Whole(name, nodes)!;
        }

        removed.Clear();
        buffer.ResetWrittenCount();
        view.Write(state, fields, buffer, removed);
        return new EntityMessages.Changed(
            state.Version, Whole: false, buffer.WrittenSpan.ToArray(), removed.Count == 0 ? [] : removed.ToArray(),
            state.At, PositionsOf(state), keys.QuarantinedSince(name) ?? 0, nodes);
    }

    /// <summary>Where the slot stands, for the nodes that watch it.</summary>
    public WatchMessages.SlotReport Report() => new(
        protocol.Slot, incarnation, protocol.Epoch, 0, 0, protocol.IsRebuilding, protocol.Progress, recoveredAt,
        [.. protocol.Tracks.Where(track => track.Applied >= 0)
            .Select(track => new FeedingPartition(
                track.Lane.Topic, track.Lane.Partition, BehindSince(track.Lane.Topic, track.Lane.Partition)))],
        [.. protocol.Tracks.Select(track => KeyValuePair.Create(
            ViewProgram.PartitionName(
                ViewProgram.SourceOf(feed.TopicIndexOf(track.Lane.Topic), track.Lane.Partition),
                feed.Compiled.Definition.Topics.Count),
            track.Read))]);

    /// <summary>Keys by UTF-8 bytes.</summary>
    public SlotQueries.SlotKeys List(SlotQueries.ListKeys query)
    {
        var filter = new KeyFilter(query.Tenant, query.Prefix);
        var found = keys.All()
            .Where(filter.Accepts)
            .Select(entry => entry.Name.Key)
            .Where(key => query.After is null || Utf8Order.Compare(key, query.After) > 0)
            .Order(Utf8Order.Instance)
            .Take(query.Limit + 1)
            .ToList();
        var more = found.Count > query.Limit;
        return new SlotQueries.SlotKeys(query.Slot, more ? found.GetRange(0, query.Limit) : found, more);
    }

    /// <summary>The best rows of a collection, or that they are what whoever asks has already.</summary>
    public IFeedMessage Answer(SlotQueries.GetRows message)
    {
        var mark = new RowsMark(protocol.Epoch, keys.Changes, keys.Refusals, StateOf(null, isMade: true));
        return mark.IsHeldBy(message)
            ? new SlotQueries.Unchanged(message.Slot) { Incarnation = incarnation }
            : Rows(message, mark);
    }

    private SlotQueries.SlotRows Rows(SlotQueries.GetRows message, RowsMark mark)
    {
        var query = message.Query;
        var sort = query.SortField is { } field ? view.IndexOf(field) : -1;
        var top = new RowsTop<KeyEntry>(query);
        foreach (var entry in keys.All().Where(new KeyFilter(message.Tenant, query.Prefix).Accepts))
        {
            var sortValue = sort < 0 ? Value.Absent : view.FieldValue(keys.Peek(entry), sort);
            top.Offer(entry, entry.Name.Key, sortValue);
        }

        var best = top.Take();
        var rows = new ViewRow[best.Length];
        long at = 0;
        for (var index = 0; index < rows.Length; index++)
        {
            var entry = best[index].Key;
            var state = keys.Peek(entry);
            var since = entry.QuarantinedSince == 0 ? (long?)null : entry.QuarantinedSince;
            rows[index] = new ViewRow(
                entry.Name.Key, Render(state, query.Fields), StateOf(since, isMade: true));
            at = Math.Max(at, state.At);
        }

        return new SlotQueries.SlotRows(
            message.Slot, protocol.Epoch, keys.Changes, rows, sort < 0 ? [] : [.. best.Select(row => row.Sort)],
            top.Total, at, mark.Text)
        {
            Incarnation = incarnation,
        };
    }

    private ReadOnlyMemory<byte> Render(KeyState state, IReadOnlyList<string>? fields = null)
    {
        buffer.ResetWrittenCount();
        if (fields is null)
        {
            view.WriteView(state, buffer);
        }
        else if (view.TrySelect(fields, out var selected, out var unknown))
        {
            view.Write(state, selected, buffer);
        }
        else
        {
            throw new ArgumentException($"feed {feed.Name} has no field {unknown}", nameof(fields));
        }

        return buffer.WrittenSpan.ToArray();
    }

    private KeyValuePair<string, long>[] PositionsOf(KeyState state)
    {
        var positions = new KeyValuePair<string, long>[state.SourceCount];
        for (var index = 0; index < positions.Length; index++)
        {
            var (source, offset) = state.PositionAt(index);
            positions[index] = new(ViewProgram.PartitionName(source, feed.Compiled.Definition.Topics.Count), offset);
        }

        return positions;
    }

    /// <summary>Tells how many keys show which state, as whoever asked for them now would be told.</summary>
    public void Count(FeedMetrics metrics)
    {
        var usual = StateOf(null, isMade: true).State;
        foreach (var state in States)
        {
            metrics.SetKeys(feed.Name, protocol.Slot.Index, state, CountOf(state, usual, keys));
        }
    }

    /// <summary>How many keys show a state, where a key that misses no record shows the usual one.</summary>
    internal static int CountOf(FreshnessState state, FreshnessState usual, SlotKeys keys)
    {
        if (usual == FreshnessState.Rebuilding)
        {
            return state == usual ? keys.Count : 0;
        }

        var partial = usual == FreshnessState.Live ? keys.Partial : 0;
        var count = state == usual ? keys.Made - partial : 0;
        return state switch
        {
            FreshnessState.Blank => keys.Count - keys.Made,
            FreshnessState.Partial => count + partial,
            _ => count,
        };
    }

    private FreshnessStatus StateOf(long? quarantinedSince, bool isMade)
    {
        if (protocol.IsRebuilding)
        {
            return new FreshnessStatus(FreshnessState.Rebuilding, "recovering", recoveredAt, protocol.Progress);
        }

        return isMade ? board.StateOf(IsFeeding, quarantinedSince, BehindSince) : FreshnessStatus.Blank;
    }

    private bool IsFeeding(string topic, int partition) => protocol.Tracks.Any(
        track => track.Applied >= 0 && track.Lane.Partition == partition && track.Lane.Topic == topic);

    private long? BehindSince(string topic, int partition)
    {
        var read = -1L;
        foreach (var track in protocol.Tracks)
        {
            if (track.Lane.Partition == partition && track.Lane.Topic == topic)
            {
                read = Math.Max(read, track.Read);
            }
        }

        return board.BehindSince(topic, partition, read);
    }
}
