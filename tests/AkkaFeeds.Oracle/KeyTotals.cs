using System.Globalization;
using System.Text;

namespace AkkaFeeds.LogOracle;

/// <summary>
/// The fold of some records of one key, written from the definition of the feed and from nothing else:
/// <c>n: count(), total: sum(amount), low: min(amount), high: max(amount), mean: avg(amount), big: count(amount >
/// 500), digest: sum(h), newest: last({seq, amount}), top: top(kind, 3), kinds: distinct(kind)</c>.
/// </summary>
public sealed record KeyTotals
{
    /// <summary>The amount above which a record is a big one.</summary>
    public const long BigAbove = 500;

    /// <summary>How many items <c>top</c> shows.</summary>
    public const int TopItems = 3;

    /// <summary>Of no record.</summary>
    public static KeyTotals None { get; } = new();

    /// <summary>How many records.</summary>
    public long Count { get; private init; }

    private long Total { get; init; }

    private long Low { get; init; } = long.MaxValue;

    private long High { get; init; } = long.MinValue;

    private long Big { get; init; }

    private long Digest { get; init; }

    private long[] Kinds { get; init; } = new long[LogRecord.Kinds.Length];

    private LogRecord? Newest { get; init; }

    /// <summary>With one record more.</summary>
    public KeyTotals With(LogRecord record)
    {
        var kinds = (long[])Kinds.Clone();
        kinds[Array.IndexOf(LogRecord.Kinds, record.Kind)]++;
        return new()
        {
            Count = Count + 1,
            Total = Total + record.Amount,
            Low = Math.Min(Low, record.Amount),
            High = Math.Max(High, record.Amount),
            Big = Big + (record.Amount > BigAbove ? 1 : 0),
            Digest = Digest + record.Digest,
            Kinds = kinds,
            Newest = Newer(Newest, record),
        };
    }

    /// <summary>Of these records and those: what partitions hold of one key.</summary>
    public KeyTotals And(KeyTotals other) => new()
    {
        Count = Count + other.Count,
        Total = Total + other.Total,
        Low = Math.Min(Low, other.Low),
        High = Math.Max(High, other.High),
        Big = Big + other.Big,
        Digest = Digest + other.Digest,
        Kinds = [.. Kinds.Zip(other.Kinds, (one, two) => one + two)],
        Newest = Newest is null ? other.Newest : other.Newest is null ? Newest : Newer(Newest, other.Newest),
    };

    /// <summary>The view in its canonical spelling; <c>null</c> for no record.</summary>
    public string Text
    {
        get
        {
            if (Newest is null)
            {
                return "null";
            }

            var mean = (double)Total / Count;
            var text = new StringBuilder();
            text.Append(CultureInfo.InvariantCulture, $$"""{"big":{{Big}},"digest":{{Digest}},"high":{{High}},""");
            text.Append(CultureInfo.InvariantCulture, $"\"kinds\":{Kinds.Count(each => each > 0)},\"low\":{Low},");
            text.Append("\"mean\":").Append(mean == Math.Floor(mean)
                ? ((long)mean).ToString(CultureInfo.InvariantCulture)
                : mean.ToString("R", CultureInfo.InvariantCulture));
            text.Append(CultureInfo.InvariantCulture, $",\"n\":{Count},\"newest\":");
            text.Append(CultureInfo.InvariantCulture, $$"""{"amount":{{Newest.Amount}},"seq":{{Newest.Sequence}}}""");
            text.Append(",\"top\":{").AppendJoin(',', Top()).Append('}');
            text.Append(CultureInfo.InvariantCulture, $",\"total\":{Total}").Append('}');
            return text.ToString();
        }
    }

    // The most frequent ones; of equal ones those whose names come first. They are shown by name.
    private IEnumerable<string> Top() => Kinds.Select((count, index) => (Name: LogRecord.Kinds[index], Count: count))
        .Where(each => each.Count > 0).OrderByDescending(each => each.Count)
        .ThenBy(each => each.Name, StringComparer.Ordinal).Take(TopItems)
        .OrderBy(each => each.Name, StringComparer.Ordinal)
        .Select(each => string.Create(CultureInfo.InvariantCulture, $"\"{each.Name}\":{each.Count}"));

    private static LogRecord Newer(LogRecord? one, LogRecord other) =>
        one is null || (other.At, other.Partition, other.Offset).CompareTo((one.At, one.Partition, one.Offset)) > 0
            ? other : one;
}
