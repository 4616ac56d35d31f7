using Confluent.Kafka;

namespace AkkaFeeds.Harness;

/// <summary>What Kafka's own tools would tell of a consumer group.</summary>
public static class GroupOffsets
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>How many records stand between the group's commits and the ends of the topic's partitions.</summary>
    public static long Lag(string brokers, string group, string topic, int partitions = FlightProducer.Partitions)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(
            new ConsumerConfig { BootstrapServers = brokers, GroupId = group }).Build();
        var lag = 0L;
        foreach (var committed in consumer.Committed(
            Enumerable.Range(0, partitions).Select(partition => new TopicPartition(topic, partition)), Limit))
        {
            var ends = consumer.QueryWatermarkOffsets(committed.TopicPartition, Limit);
            lag += ends.High - (committed.Offset.Value < 0 ? ends.Low : committed.Offset.Value);
        }

        return lag;
    }
}
