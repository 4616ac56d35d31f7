using System.Globalization;
using System.Runtime.CompilerServices;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Aggregates;
using AkkaFeeds.Definitions.Expressions;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Definitions.Compilation;

/// <summary>
/// What a feed's view does with rows: folds them into states, shows states as JSON, and encodes them. It holds no
/// state of its
/// own and may be shared by all slots; a state belongs to one thread at a time.
/// </summary>
internal sealed partial class ViewProgram
{
    /// <summary>The form of <see cref="Encode"/>; another one is refused by name.</summary>
    public const byte FormatVersion = 1;

    private const int PartitionBits = 20;

    [ThreadStatic]
    private static Value[]? scratch;

    private readonly ViewField[] fields;
    private readonly PlacedAggregate[] aggregates;
    private readonly PlacedAggregate[] hidden;
    private readonly int[] derivedOrder;
    private readonly int[] failing;
    private readonly long[] topicRanks;
    private readonly long keyBytesMax;
    private readonly int cellCount;
    private readonly int valueCount;
    private readonly int partCount;
    private readonly int star = -1;

    public ViewProgram(
        IReadOnlyList<ViewField> fields, IReadOnlyList<PlacedAggregate> aggregates,
        IReadOnlyList<PlacedAggregate> hidden,
        IReadOnlyList<int> derivedOrder, int width, IReadOnlyList<string> topics, int keyBytesMax)
    {
        this.fields = [.. fields];
        this.aggregates = [.. aggregates];
        this.hidden = [.. hidden];
        this.derivedOrder = [.. derivedOrder];
        this.keyBytesMax = keyBytesMax;
        Width = width;
        failing = [.. derivedOrder.Where(index => fields[index].Derived!.CanFail)];
        var sorted = topics.Order(StringComparer.Ordinal).ToList();
        topicRanks = [.. topics.Select(topic => (long)sorted.IndexOf(topic) << PartitionBits)];
        for (var index = 0; index < this.fields.Length; index++)
        {
            star = this.fields[index].IsStar ? index : star;
        }

        foreach (var placed in this.aggregates)
        {
            placed.Aggregate.Place(cellCount, valueCount, partCount);
            cellCount += placed.Aggregate.Cells;
            valueCount += placed.Aggregate.Values;
            partCount += placed.Aggregate.Parts;
        }
    }

    /// <summary>How many fields a row carries.</summary>
    public int Width { get; }

    /// <summary>The fields in order.</summary>
    public IReadOnlyList<ViewField> Fields => fields;

    /// <summary>A field that a compacted topic would make wrong, or null.</summary>
    public string? NeedsEveryRecord => aggregates.FirstOrDefault(each => each.Aggregate.NeedsEveryRecord)?.Field;

    /// <summary>The state of a key that no record has made.</summary>
    public KeyState Create() => new(cellCount, valueCount, partCount);

    /// <summary>The source of a partition: the topic's place in the definition, then the partition.</summary>
    public static int SourceOf(int topicIndex, int partition) => (topicIndex << PartitionBits) | partition;

    /// <summary>
    /// What clients call a source: the partition, with the topic's index before it where the feed has several.
    /// </summary>
    public static string PartitionName(int source, int topics)
    {
        var partition = (source & ((1 << PartitionBits) - 1)).ToString(CultureInfo.InvariantCulture);
        return topics == 1 ? partition : $"{source >> PartitionBits}.{partition}";
    }

    /// <summary>
    /// Folds one row. False where it fails (type, overflow, limit): the state is then exactly as before, and the
    /// reason is one of
    /// <see cref="Reasons"/>.
    /// </summary>
    /// <param name="state">The key's state.</param>
    /// <param name="block">The rows.</param>
    /// <param name="row">Which of them.</param>
    /// <param name="source">As <see cref="SourceOf"/> makes it.</param>
    /// <param name="change">Takes up what changed.</param>
    /// <param name="reason">Why it failed, or empty.</param>
    /// <param name="detail">What an operator reads, or empty.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryApply(
        KeyState state, RowBlock block, int row, int source, ref FoldChange change, out string reason,
        out string detail)
    {
        var undo = UndoLog.ForThread;
        undo.Start();
        var growing = state.GrowingBytes;
        var cells = state.Cells;
        Span<long> saved = cells.Length <= 64 ? stackalloc long[cells.Length] : new long[cells.Length];
        cells.CopyTo(saved);

        var fold = new Fold
        {
            Scope = new Scope(block.FieldsOf(row)),
            State = state,
            EventTime = block.EventTimes[row],
            Source = topicRanks[source >> PartitionBits] | (uint)(source & ((1 << PartitionBits) - 1)),
            Offset = block.Offsets[row],
            Undo = undo,
        };
        var changed = default(FieldSet);
        var failed = -1;
        var members = change.Members?.Count ?? 0;
        for (var index = 0; index < aggregates.Length && failed < 0; index++)
        {
            var placed = aggregates[index];
            fold.Exact = change.IsWatched || changed.IsEmpty;
            if (change.Members is not null && placed.Direct >= 0)
            {
                fold.Members = [];
            }

            if (placed.Aggregate.Apply(ref fold))
            {
                changed.Add(placed.Dependents);
                NoteMembers(ref change, placed.Direct, fold.Members);
            }

            failed = fold.Scope.Failed ? index : -1;
        }

        var field = failed < 0 ? null : aggregates[failed].Field;
        if (failed < 0)
        {
            Check(ref fold.Scope, state, out field);
        }

        if (fold.Scope.Failed)
        {
            undo.Rollback(state);
            saved.CopyTo(cells);
            state.GrowingBytes = growing;
            change.Members?.RemoveRange(members, change.Members.Count - members);
            reason = fold.Scope.Reason!;
            detail = Cut(field is null ? fold.Scope.Detail! : $"{field}: {fold.Scope.Detail}");
            return false;
        }

        Keep(state, block, row, source, changed, ref change);
        reason = "";
        detail = "";
        return true;
    }

    /// <summary>How many bytes the state takes when encoded, at the most.</summary>
    public long EncodedBytes(KeyState state) =>
        32 + ((cellCount + valueCount + (2L * state.SourceCount)) * Sizes.Cell) + state.GrowingBytes;

    /// <summary>The value of a field, or absent.</summary>
    public Value FieldValue(KeyState state, int field)
    {
        if (fields[field].Aggregate is { } aggregate)
        {
            return JsonOps.WithoutNulls(aggregate.Read(state));
        }

        return JsonOps.WithoutNulls(Derive(state)[field]);
    }

    /// <summary>The index of a field, or -1.</summary>
    public int IndexOf(string name) => Array.FindIndex(fields, field => field.Name == name);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Check(ref Scope scope, KeyState state, out string? field)
    {
        field = null;
        if (failing.Length > 0)
        {
            Derive(state, failing, ref scope, out var failed);
            field = failed < 0 ? null : fields[failed].Name;
        }

        if (!scope.Failed && EncodedBytes(state) > keyBytesMax)
        {
            scope.Fail(Reasons.Limit, $"the key's state would be larger than {keyBytesMax} bytes (key.bytes)");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Keep(
        KeyState state, RowBlock block, int row, int source, in FieldSet changed, ref FoldChange change)
    {
        state.At = Math.Max(state.At, block.Timestamps[row]);
        state.SetPosition(source, block.Offsets[row]);
        if (!changed.IsEmpty || state.Version == 0)
        {
            state.Version++;
        }

        change.Fields.Add(changed);
    }

    private static void NoteMembers(ref FoldChange change, int field, List<string>? members)
    {
        if (members is null || field < 0)
        {
            return;
        }

        foreach (var member in members)
        {
            change.Members!.Add(new ChangedMember(field, member));
        }
    }

    // All inputs of the derived fields and these themselves, in one array: fields by index, then hidden aggregates.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Value[] Derive(KeyState state)
    {
        var scope = default(Scope);
        return Derive(state, derivedOrder, ref scope, out _);
    }

    // Computes what of `wanted` is derived, and stops at the first one that fails. Fields before it in the order come
    // along.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Value[] Derive(KeyState state, int[] wanted, ref Scope failure, out int failed)
    {
        failed = -1;
        var count = fields.Length + hidden.Length;
        if (scratch is null || scratch.Length < count)
        {
            scratch = new Value[count];
        }

        var values = scratch;
        var last = wanted.Length == 0 ? -1 : Array.IndexOf(derivedOrder, wanted[^1]);
        for (var place = 0; place <= last; place++)
        {
            var index = derivedOrder[place];
            var field = fields[index];
            foreach (var input in field.Inputs)
            {
                var aggregate = input < fields.Length ? fields[input].Aggregate
                    : hidden[input - fields.Length].Aggregate;
                if (aggregate is not null)
                {
                    values[input] = aggregate.Read(state);
                }
            }

            var scope = new Scope(values);
            values[index] = field.Derived!.Evaluate(ref scope);
            if (scope.Failed)
            {
                failed = index;
                failure.Fail(scope.Reason!, scope.Detail!);
                break;
            }
        }

        return values;
    }

    private static string Cut(string detail) => detail.Length <= 500 ? detail : detail[..497] + "...";
}
