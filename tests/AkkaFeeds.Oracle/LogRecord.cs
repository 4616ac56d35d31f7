using System.Text.Json;

namespace AkkaFeeds.LogOracle;

/// <summary>A record of the chaos topic.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="Id">Unique in the run.</param>
/// <param name="Key">The dashboard key.</param>
/// <param name="Sequence">Its number within the key.</param>
/// <param name="Amount">A number from 0 to 999.</param>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
/// <param name="Digest">A random number: the sum of them tells loss from doubling.</param>
/// <param name="At">The event time, Unix ms.</param>
public sealed record LogRecord(
    int Partition, long Offset, long Id, string Key, long Sequence, long Amount, string Kind, long Digest, long At)
{
    /// <summary>The kinds there are.</summary>
    public static readonly string[] Kinds = ["ask", "bid", "cross", "fill", "lift"];

    /// <summary>Reads the value of a record.</summary>
    public static LogRecord Parse(int partition, long offset, string value)
    {
        using var document = JsonDocument.Parse(value);
        var root = document.RootElement;
        return new(
            partition, offset, root.GetProperty("id").GetInt64(), root.GetProperty("k").GetString()!,
            root.GetProperty("seq").GetInt64(), root.GetProperty("amount").GetInt64(),
            root.GetProperty("kind").GetString()!, root.GetProperty("h").GetInt64(),
            root.GetProperty("at").GetInt64());
    }
}
