using AkkaFeeds.Harness;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace AkkaFeeds.Chaos.World;

/// <summary>What an administrator does to topics.</summary>
internal sealed class Topics(string brokers)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    /// <summary>Makes a topic; waits while one of that name is still being deleted.</summary>
    public async Task CreateAsync(string topic, int partitions) => await Waiting.ForAsync(
        async () =>
        {
            try
            {
                await FlightProducer.CreateTopicAsync(brokers, topic, partitions);
                return topic;
            }
            catch (CreateTopicsException)
            {
                return null;
            }
        },
        $"topic {topic}", Within, TimeSpan.FromMilliseconds(200));

    public async Task DeleteAsync(string topic)
    {
        using var admin = Admin();
        await admin.DeleteTopicsAsync([topic]);
    }

    /// <summary>Deletes the records below some offsets.</summary>
    public async Task TruncateAsync(string topic, IEnumerable<(int Partition, long Offset)> before)
    {
        using var admin = Admin();
        await admin.DeleteRecordsAsync(
            before.Select(each => new TopicPartitionOffset(topic, each.Partition, each.Offset)));
    }

    /// <summary>Produces values without keys into one partition, and returns when the broker has them.</summary>
    public async Task ProduceAsync(string topic, int partition, IEnumerable<(byte[]? Key, byte[]? Value)> records)
    {
        using var producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig
        {
            BootstrapServers = brokers, EnableIdempotence = true, LingerMs = 5,
        }).SetLogHandler((_, _) => { }).Build();
        var sent = records.Select(record => producer.ProduceAsync(
            new TopicPartition(topic, partition),
            new Message<byte[]?, byte[]?> { Key = record.Key, Value = record.Value }));
        await Task.WhenAll([.. sent]);
    }

    private IAdminClient Admin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = brokers })
        .SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
}
