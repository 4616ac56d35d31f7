namespace AkkaFeeds.LogOracle;

/// <summary>
/// The whole log, folded on one thread in partition order, and what each key was behind each of its records: so that
/// every view that a client ever saw can be compared with the fold of the prefix that it claims to be.
/// </summary>
public sealed class LogFold
{
    private readonly Dictionary<string, SortedDictionary<int, Prefixes>> keys = [];

    /// <summary>How many records there are.</summary>
    public int Count { get; private set; }

    /// <summary>The keys of the log, sorted.</summary>
    public IReadOnlyList<string> Keys => [.. keys.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Reads what <see cref="LogDump"/> has written.</summary>
    public static LogFold Read(RunFolder folder)
    {
        var fold = new LogFold();
        foreach (var fields in RunFolder.Lines(folder.Log))
        {
            fold.Add(LogRecord.Parse(
                int.Parse(fields[0], System.Globalization.CultureInfo.InvariantCulture),
                long.Parse(fields[1], System.Globalization.CultureInfo.InvariantCulture), fields[2]));
        }

        return fold;
    }

    /// <summary>Folds the next record of its partition.</summary>
    public void Add(LogRecord record)
    {
        if (!keys.TryGetValue(record.Key, out var partitions))
        {
            keys.Add(record.Key, partitions = []);
        }

        if (!partitions.TryGetValue(record.Partition, out var prefixes))
        {
            partitions.Add(record.Partition, prefixes = new());
        }

        prefixes.Add(record);
        Count++;
    }

    /// <summary>The key with all its records.</summary>
    public KeyTotals Whole(string key) => keys.TryGetValue(key, out var partitions)
        ? partitions.Values.Select(each => each.At(long.MaxValue))
            .Aggregate(KeyTotals.None, (one, two) => one.And(two))
        : KeyTotals.None;

    /// <summary>The key up to a position: a partition that is not named has given nothing yet.</summary>
    public KeyTotals At(string key, IReadOnlyList<(int Partition, long Offset)> positions)
    {
        var all = KeyTotals.None;
        if (keys.TryGetValue(key, out var partitions))
        {
            foreach (var (partition, offset) in positions)
            {
                if (partitions.TryGetValue(partition, out var prefixes))
                {
                    all = all.And(prefixes.At(offset));
                }
            }
        }

        return all;
    }

    /// <summary>The first record of a key behind a position, in each partition that has one.</summary>
    public IEnumerable<LogRecord> Behind(string key, IReadOnlyList<(int Partition, long Offset)> positions)
    {
        if (!keys.TryGetValue(key, out var partitions))
        {
            yield break;
        }

        foreach (var (partition, prefixes) in partitions)
        {
            var at = positions.Where(each => each.Partition == partition).Select(each => each.Offset)
                .DefaultIfEmpty(-1).Max();
            if (prefixes.Behind(at) is { } next)
            {
                yield return next;
            }
        }
    }

    private sealed class Prefixes
    {
        private readonly List<LogRecord> records = [];
        private readonly List<KeyTotals> totals = [];

        public void Add(LogRecord record)
        {
            if (records.Count > 0 && record.Offset <= records[^1].Offset)
            {
                throw new InvalidDataException(
                    $"offset {record.Offset} behind {records[^1].Offset}: the dump is broken");
            }

            totals.Add((totals.Count == 0 ? KeyTotals.None : totals[^1]).With(record));
            records.Add(record);
        }

        public KeyTotals At(long offset)
        {
            var count = CountUpTo(offset);
            return count == 0 ? KeyTotals.None : totals[count - 1];
        }

        public LogRecord? Behind(long offset)
        {
            var count = CountUpTo(offset);
            return count < records.Count ? records[count] : null;
        }

        private int CountUpTo(long offset)
        {
            var (low, high) = (0, records.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = records[middle].Offset <= offset ? (middle + 1, high) : (low, middle);
            }

            return low;
        }
    }
}
