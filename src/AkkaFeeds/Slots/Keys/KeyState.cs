using System.Runtime.CompilerServices;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Slots.Keys;

/// <summary>
/// What is kept of one key: numbers in one array, values in another, and what grows (sets, counts by item) as parts.
/// Which cell
/// means what only its <c>ViewProgram</c> knows; nothing else writes here. Not safe for several threads: its slot
/// owns it.
/// </summary>
internal sealed class KeyState
{
    private readonly int fixedCells;
    private readonly int valueCount;
    private readonly int partCount;
    private long[] cells;
    private Value[]? values;
    private object?[]? parts;

    /// <summary>Makes an empty state with so many cells, values and parts.</summary>
    public KeyState(int cellCount, int valueCount, int partCount)
    {
        fixedCells = cellCount;
        this.valueCount = valueCount;
        this.partCount = partCount;
        // One position at once: most keys are fed by one partition.
        cells = new long[cellCount + 2];
    }

    /// <summary>The key, where a slot keeps the state: a packed key has its name in its bytes.</summary>
    public KeyName? Name { get; set; }

    /// <summary>Counts the changes of the view; 0 before the first record, 1 after it.</summary>
    public long Version { get; set; }

    /// <summary>The newest Kafka timestamp among the records folded, Unix ms.</summary>
    public long At { get; set; } = long.MinValue;

    /// <summary>How many bytes the parts that grow take when encoded.</summary>
    public long GrowingBytes { get; set; }

    /// <summary>How many partitions have fed the key.</summary>
    public int SourceCount { get; private set; }

    /// <summary>The aggregates' numbers.</summary>
    internal Span<long> Cells => cells.AsSpan(0, fixedCells);

    /// <summary>
    /// The aggregates' values. Most keys of a view of numbers never need the array, and then it costs neither memory
    /// nor a miss
    /// of the cache.
    /// </summary>
    internal Span<Value> Values => values ??= new Value[valueCount];

    /// <summary>The aggregates' sets and tables; made like the values.</summary>
    internal Span<object?> Parts => parts ??= new object?[partCount];

    /// <summary>The value at a place, which makes no array.</summary>
    internal Value ValueAt(int index) => values is null ? default : values[index];

    /// <summary>The part at a place, which makes no array.</summary>
    internal object? PartAt(int index) => parts?[index];

    /// <summary>
    /// The source (topic index * 2^20 + partition) at <paramref name="index"/>, ascending, and its last offset
    /// folded.
    /// </summary>
    public (int Source, long Offset) PositionAt(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, SourceCount);
        var at = fixedCells + (2 * index);
        return ((int)cells[at], cells[at + 1]);
    }

    /// <summary>Notes the last offset folded of a source.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SetPosition(int source, long offset)
    {
        var at = fixedCells;
        var end = fixedCells + (2 * SourceCount);
        while (at < end && cells[at] < source)
        {
            at += 2;
        }

        if (at < end && cells[at] == source)
        {
            cells[at + 1] = offset;
            return;
        }

        if (cells.Length < end + 2)
        {
            Array.Resize(ref cells, end + Math.Max(2, Math.Min(2 * SourceCount, 16)));
        }

        cells.AsSpan(at, end - at).CopyTo(cells.AsSpan(at + 2));
        cells[at] = source;
        cells[at + 1] = offset;
        SourceCount++;
    }
}
