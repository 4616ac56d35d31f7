using AkkaFeeds.Harness;
using AkkaFeeds.Kafka;
using Confluent.Kafka;

namespace AkkaFeeds.Load;

/// <summary>
/// (a): the limit. Nothing but Confluent.Kafka's Consume, with the settings of the product's consumer; keys and
/// values are
/// looked at where they lie, and not copied.
/// </summary>
internal static class ConsumeLoopStage
{
    public static StageResult Run(StageOptions options)
    {
        using var consumer = new ConsumerBuilder<Length, Length>(Config(options))
            .SetKeyDeserializer(LengthOf.Instance)
            .SetValueDeserializer(LengthOf.Instance)
            .Build();
        consumer.Assign(Enumerable.Range(0, FlightProducer.Partitions)
            .Select(partition => new TopicPartitionOffset(options.Topic, partition, Offset.Beginning)));
        var clock = new StageClock();
        var records = 0;
        var bytes = 0L;
        while (records < options.Records)
        {
            var result = consumer.Consume(TimeSpan.FromSeconds(30))
                ?? throw new TimeoutException($"no record within 30 s, after {records}");
            if (records++ == 0)
            {
                clock.Start();
            }

            bytes += result.Message.Value.Bytes;
        }

        var done = clock.Stop(records);
        return bytes == (long)records * IngestRecord.Bytes
            ? done
            : done with { Wrong = $"{bytes} bytes in {records} records" };
    }

    /// <summary>
    /// As the product's consumer has it, but for the ends of partitions, which it needs and a loop does not.
    /// </summary>
    private static ConsumerConfig Config(StageOptions options) =>
        new(new Dictionary<string, string>(ConsumerSettings.Raw().Properties))
    {
        BootstrapServers = options.Brokers,
        GroupId = "ingest-loop",
        EnablePartitionEof = false,
        ConsumeResultFields = "timestamp",
    };

    private readonly record struct Length(int Bytes);

    private sealed class LengthOf : IDeserializer<Length>
    {
        public static LengthOf Instance { get; } = new();

        public Length Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) =>
            new(data.Length);
    }
}
