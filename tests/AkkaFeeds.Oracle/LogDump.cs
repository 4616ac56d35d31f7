using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace AkkaFeeds.LogOracle;

/// <summary>
/// Reads the topic by a consumer of its own, read_committed, from where the last dump ended to the end.
/// </summary>
public static class LogDump
{
    /// <summary>How far each partition was read: behind control records and aborted ones too.</summary>
    private const string Dumped = "dumped.tsv";

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    /// <summary>Adds to <see cref="RunFolder.Log"/> what is not in it yet; gives how many records.</summary>
    public static int Append(RunFolder folder)
    {
        var facts = RunFacts.Read(folder);
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = facts.Brokers,
            GroupId = "oracle-reads-alone",
            EnableAutoCommit = false,
            EnablePartitionEof = true,
            IsolationLevel = IsolationLevel.ReadCommitted,
            AutoOffsetReset = AutoOffsetReset.Error,
            CheckCrcs = true,
        }).SetLogHandler((_, _) => { }).Build();
        var next = NextOffsets(folder);
        var starts = Enumerable.Range(0, facts.Partitions)
            .Select(partition => StartOf(consumer, new(facts.Topic, partition), next.GetValueOrDefault(partition, 0)));
        consumer.Assign([.. starts]);
        using var file = new StreamWriter(folder.Log, append: true);
        var open = new HashSet<int>(Enumerable.Range(0, facts.Partitions));
        var count = 0;
        while (open.Count > 0)
        {
            var result = consumer.Consume(Within)
                ?? throw new TimeoutException($"the log's end was not reached in {Within}");
            if (result.IsPartitionEOF)
            {
                // A partition that grew behind its end says so again; what it grew by was not written.
                if (open.Remove(result.Partition.Value))
                {
                    next[result.Partition.Value] = result.Offset.Value;
                }

                continue;
            }

            // What comes behind the end that was noted is read again by the next dump, and must not be written twice.
            if (!open.Contains(result.Partition.Value))
            {
                continue;
            }

            file.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Partition.Value}\t{result.Offset.Value}\t{Encoding.UTF8.GetString(result.Message.Value)}"));
            count++;
        }

        consumer.Close();
        File.WriteAllLines(folder.Of(Dumped), next.Select(each => string.Create(
            CultureInfo.InvariantCulture, $"{each.Key}\t{each.Value}")));
        return count;
    }

    // A log whose beginning was cut behind a dump goes on where the dump ended; one that lost what was never dumped is
    // no ground for a verdict.
    private static TopicPartitionOffset StartOf(
        IConsumer<Ignore, byte[]> consumer, TopicPartition partition, long next)
    {
        var ends = consumer.QueryWatermarkOffsets(partition, Within);
        return ends.Low.Value <= next ? new(partition, next)
            : throw new InvalidDataException($"{partition} begins at {ends.Low}, and was dumped up to {next} only");
    }

    private static Dictionary<int, long> NextOffsets(RunFolder folder) =>
        RunFolder.Lines(folder.Of(Dumped)).ToDictionary(
            fields => int.Parse(fields[0], CultureInfo.InvariantCulture),
            fields => long.Parse(fields[1], CultureInfo.InvariantCulture));
}
