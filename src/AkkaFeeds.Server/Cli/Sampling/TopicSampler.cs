using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Files;
using Confluent.Kafka;

namespace AkkaFeeds.Server.Cli.Sampling;

/// <summary>Reads a few records by assigned partitions: it joins no group and commits nothing, so a running feed is
/// not
/// touched.</summary>
internal sealed class TopicSampler : IDisposable
{
    /// <summary>How long the broker may take for any answer, and for the next record.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    private readonly string brokers;
    private readonly IConsumer<byte[]?, byte[]?> consumer;
    private readonly IAdminClient admin;

    public TopicSampler(KafkaOptions kafka)
    {
        brokers = string.Join(',', kafka.Brokers);
        var settings = new Dictionary<string, string>(kafka.Properties)
        {
            ["bootstrap.servers"] = brokers,
        };
        try
        {
            admin = new AdminClientBuilder(new AdminClientConfig(new Dictionary<string, string>(settings)))
                .SetLogHandler(Silent).SetErrorHandler(Silent).Build();
            settings["group.id"] = "akkafeeds-check";
            settings["enable.auto.commit"] = "false";
            settings["enable.auto.offset.store"] = "false";
            settings["enable.partition.eof"] = "true";
            settings["isolation.level"] = "read_committed";
            settings["auto.offset.reset"] = "earliest";
            settings["allow.auto.create.topics"] = "false";
            consumer =
                new ConsumerBuilder<byte[]?, byte[]?>(settings).SetLogHandler(Silent).SetErrorHandler(Silent).Build();
        }
        catch (Exception exception) when (
            exception is InvalidOperationException or ArgumentException or KafkaException)
        {
            admin?.Dispose();
            throw new StartupException(
                "kafka.properties", $"librdkafka refuses the settings ({exception.Message})",
                "correct kafka.properties",
                StartupException.BadInput, exception);
        }
    }

    public void Dispose()
    {
        consumer.Dispose();
        admin.Dispose();
    }

    /// <summary>About the newest <paramref name="count"/> records of a topic, an equal share of each partition, each
    /// in
    /// its order.</summary>
    public IEnumerable<SampledRecord> Newest(string topic, int count)
    {
        var ends = Partitions(topic).ConvertAll(partition => Offsets(new TopicPartition(topic, partition)));
        var shares = FairShares.Of(count, [.. ends.Select(end => end.High - end.Low)]);
        for (var index = 0; index < ends.Count; index++)
        {
            var (partition, _, high) = ends[index];
            foreach (var record in Read(topic, partition, high - shares[index], high))
            {
                yield return record;
            }
        }
    }

    /// <summary>The record at a position.</summary>
    public SampledRecord At(RecordPosition position)
    {
        var what = position.ToString();
        if (!Partitions(position.Topic).Contains(position.Partition))
        {
            throw new StartupException(what, "the topic has no such partition", "give one that it has");
        }

        var (_, low, high) = Offsets(new TopicPartition(position.Topic, position.Partition));
        if (position.Offset < low || position.Offset >= high)
        {
            var holds = low == high ? "no record" : $"offsets {low} to {high - 1}";
            throw new StartupException(what, $"the partition holds {holds}", "give the position of a record there is");
        }

        var record = Read(position.Topic, position.Partition, position.Offset, position.Offset + 1).FirstOrDefault();
        return record?.Position == position
            ? record
            : throw new StartupException(
                what, "there is no record at this offset (compacted, aborted, or a control record)",
                "give another offset");
    }

    /// <summary>The records from one offset up to another (exclusive).</summary>
    private IEnumerable<SampledRecord> Read(string topic, int partition, long from, long to)
    {
        if (from >= to)
        {
            yield break;
        }

        consumer.Assign(new TopicPartitionOffset(topic, partition, from));
        while (true)
        {
            var result = Ask(topic, () => consumer.Consume(AnswerWithin)) ?? throw NotReachable(null);
            if (result.IsPartitionEOF || result.Offset >= to)
            {
                yield break;
            }

            yield return SampledRecord.From(result);
            if (result.Offset == to - 1)
            {
                yield break;
            }
        }
    }

    private List<int> Partitions(string topic)
    {
        var metadata = Ask(topic, () => admin.GetMetadata(topic, AnswerWithin)).Topics.Find(one => one.Topic == topic);
        return metadata is { Error.IsError: false, Partitions.Count: > 0 }
            ? [.. metadata.Partitions.Select(partition => partition.PartitionId).Order()]
            : throw NoTopic(topic);
    }

    private (int Partition, long Low, long High) Offsets(TopicPartition partition)
    {
        var offsets = Ask(partition.Topic, () => consumer.QueryWatermarkOffsets(partition, AnswerWithin));
        return offsets.Low.Value >= 0 && offsets.High.Value >= 0
            ? (partition.Partition.Value, offsets.Low.Value, offsets.High.Value)
            : throw NotReachable(null);
    }

    private T Ask<T>(string topic, Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (KafkaException exception) when (exception.Error.Code is ErrorCode.UnknownTopicOrPart
            or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition or ErrorCode.TopicException)
        {
            throw NoTopic(topic);
        }
        catch (KafkaException exception) when (exception.Error.Code is ErrorCode.TopicAuthorizationFailed
            or ErrorCode.SaslAuthenticationFailed or ErrorCode.GroupAuthorizationFailed
            or ErrorCode.ClusterAuthorizationFailed)
        {
            throw new StartupException(
                $"topic {topic}", $"the broker refuses ({exception.Error.Reason})",
                "give the rights, or correct kafka.properties",
                StartupException.Refused, exception);
        }
        catch (KafkaException exception)
        {
            throw NotReachable(exception);
        }
    }

    private StartupException NotReachable(KafkaException? exception) => new(
        $"kafka {brokers}",
        exception is null ? "it gave no answer within 10 s" : $"not reachable ({exception.Error.Reason})",
        "start the broker, or correct kafka.brokers", StartupException.Unreachable, exception);

    private static StartupException NoTopic(string topic) =>
        new($"topic {topic}", "the broker has no such topic", "create it, or correct from.topic");

    private static void Silent<TClient>(TClient client, LogMessage message)
    {
        // What matters arrives as an exception; librdkafka's own lines on stderr would break the one-line form of
        // errors.
    }

    private static void Silent<TClient>(TClient client, Error error)
    {
        // As above.
    }
}
