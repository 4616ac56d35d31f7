using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using AkkaFeeds.LogOracle;

namespace AkkaFeeds.Chaos.Traffic;

/// <summary>
/// The ledger of what was sent: a line a record, with what the broker said; and, for who waits, the newest record of
/// each key that is certainly in the log. Safe for several threads.
/// </summary>
internal sealed class SendLog(string file) : IDisposable
{
    private readonly StreamWriter writer = new(file, append: false, Encoding.UTF8, bufferSize: 1 << 16);
    private readonly ConcurrentDictionary<(string Key, int Partition), long> acked = new();
    private readonly ConcurrentDictionary<string, long> sequences = new();
    private readonly Lock gate = new();
    private long ids;

    /// <summary>The newest acknowledged offset of each key and partition.</summary>
    public IReadOnlyDictionary<(string Key, int Partition), long> Acked =>
        new Dictionary<(string, int), long>(acked);

    /// <summary>How many were acknowledged.</summary>
    public long Count { get; private set; }

    /// <summary>Makes the next record of a key.</summary>
    public ChaosRecord Next(string key, Random random)
    {
        var sequence = sequences.AddOrUpdate(key, 0, (_, before) => before + 1);
        var id = Interlocked.Increment(ref ids);
        return new(
            id, key, sequence, random.Next(1_000), LogRecord.Kinds[random.Next(LogRecord.Kinds.Length)],
            random.Next(), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
    }

    /// <summary>The broker has it.</summary>
    public void Acknowledged(ChaosRecord record, int partition, long offset)
    {
        Write(record, SendLine.Ok, partition, offset);
        acked.AddOrUpdate((record.Key, partition), offset, (_, before) => Math.Max(before, offset));
    }

    /// <summary>It is certainly not in the log, or nobody knows.</summary>
    public void Ended(ChaosRecord record, string outcome) => Write(record, outcome, -1, -1);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            writer.Dispose();
        }
    }

    private void Write(ChaosRecord record, string outcome, int partition, long offset)
    {
        var line = new SendLine(
            record.Id, record.Key, record.Sequence, outcome, partition, offset,
            DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        lock (gate)
        {
            Count += outcome == SendLine.Ok ? 1 : 0;
            writer.WriteLine(line.ToString());
        }
    }
}

/// <summary>A record of the main feed.</summary>
internal sealed record ChaosRecord(
    long Id, string Key, long Sequence, long Amount, string Kind, long Digest, long At)
{
    public byte[] Value => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"id":{{Id}},"k":"{{Key}}","seq":{{Sequence}},"amount":{{Amount}},"kind":"{{Kind}}","""
        + $$"""
           "h":{{Digest}},"at":{{At}}}
           """));
}
