using System.Text.Json;
using Confluent.Kafka;

namespace AkkaFeeds.Load;

/// <summary>
/// The least way from a producer to a reader: Confluent.Kafka's Consume loop, and the age of what it gives.
/// </summary>
internal sealed class BareConsumer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly IConsumer<Ignore, byte[]> consumer;
    private readonly Thread thread;
    private readonly List<double> milliseconds = [];
    private volatile bool isCounting;
    private volatile bool isEnding;

    /// <summary>Begins to consume what is produced from now on.</summary>
    public BareConsumer(string brokers, string topic, int partitions)
    {
        consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = brokers,
            GroupId = $"bare-{Guid.NewGuid():N}",
            EnableAutoCommit = false,
        }).SetLogHandler((_, _) => { }).Build();
        consumer.Assign(Enumerable.Range(0, partitions).Select(
            partition => new TopicPartitionOffset(topic, partition, Offset.End)));
        thread = new Thread(Run) { IsBackground = true, Name = "bare consumer" };
        thread.Start();
    }

    /// <summary>Counts from now on.</summary>
    public void Count() => isCounting = true;

    /// <summary>Ends, and gives the ages in milliseconds, ascending.</summary>
    public double[] Stop()
    {
        isEnding = true;
        thread.Join();
        return [.. milliseconds.Order()];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        isEnding = true;
        thread.Join();
        consumer.Dispose();
    }

    private void Run()
    {
        while (!isEnding)
        {
            if (consumer.Consume(Patience) is { } result && isCounting)
            {
                milliseconds.Add((FanoutFeed.NowMicroseconds() - Sent(result.Message.Value)) / 1_000.0);
            }
        }
    }

    private static long Sent(byte[] value)
    {
        var reader = new Utf8JsonReader(value);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("sent"u8))
            {
                reader.Read();
                return reader.GetInt64();
            }
        }

        throw new InvalidOperationException("a record without its instant");
    }
}
