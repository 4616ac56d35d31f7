using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace AkkaFeeds.Harness;

/// <summary>Puts flights into a topic, in the order of the file and each once, as fast as one producer can.</summary>
public static class FlightProducer
{
    /// <summary>What the proofs use.</summary>
    public const int Partitions = 8;

    /// <summary>Creates the topic.</summary>
    public static async Task CreateTopicAsync(string brokers, string topic, int partitions = Partitions)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = brokers }).Build();
        await admin.CreateTopicsAsync(
            [new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = 1 }],
            new CreateTopicsOptions { OperationTimeout = TimeSpan.FromSeconds(20),
                RequestTimeout = TimeSpan.FromSeconds(20) });
    }

    /// <summary>A producer for many small records.</summary>
    /// <remarks>
    /// Idempotent, so that a retry makes no second record. Nothing waits for a delivery one by one: a lost one is an
    /// error of
    /// <see cref="Flush"/>, and the callers check the log's ends.
    /// </remarks>
    /// <param name="brokers">host:port.</param>
    /// <param name="partitioner">How a key finds its partition: librdkafka's way, or that of Java's clients, which
    /// slots share.</param>
    public static IProducer<byte[]?, byte[]> Create(
        string brokers, Partitioner partitioner = Partitioner.ConsistentRandom) =>
        new ProducerBuilder<byte[]?, byte[]>(new ProducerConfig
        {
            BootstrapServers = brokers,
            Partitioner = partitioner,
            EnableIdempotence = true,
            CompressionType = CompressionType.Lz4,
            LingerMs = 20,
            BatchSize = 1_000_000,
            QueueBufferingMaxMessages = 500_000,
            QueueBufferingMaxKbytes = 256 * 1024,
            EnableDeliveryReports = false,
        })
        .SetLogHandler((_, _) => { })
        .Build();

    /// <summary>Produces flights and returns when the broker has them.</summary>
    public static void Produce(
        IProducer<byte[]?, byte[]> producer, string topic, ReadOnlySpan<Flight> flights, bool keyed)
    {
        foreach (ref readonly var flight in flights)
        {
            Send(producer, topic, keyed ? Encoding.UTF8.GetBytes(flight.Origin) : null, FlightJson.Write(flight));
        }

        Flush(producer);
    }

    /// <summary>Hands one record over; waits while the producer's queue is full.</summary>
    public static void Send(IProducer<byte[]?, byte[]> producer, string topic, byte[]? key, byte[] value)
    {
        var message = new Message<byte[]?, byte[]> { Key = key, Value = value };
        while (true)
        {
            try
            {
                producer.Produce(topic, message);
                return;
            }
            catch (ProduceException<byte[]?, byte[]> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
            {
                producer.Poll(TimeSpan.FromMilliseconds(20));
            }
        }
    }

    /// <summary>Waits until the broker has everything.</summary>
    /// <exception cref="TimeoutException">It has not after two minutes.</exception>
    public static void Flush(IProducer<byte[]?, byte[]> producer)
    {
        if (producer.Flush(TimeSpan.FromMinutes(2)) is var left and > 0)
        {
            throw new TimeoutException($"{left} records were not acknowledged within two minutes");
        }
    }

    /// <summary>How many records stand in the topic, by the ends of its partitions.</summary>
    public static long Count(string brokers, string topic, int partitions = Partitions)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(
            new ConsumerConfig { BootstrapServers = brokers, GroupId = "akkafeeds-harness" }).Build();
        var count = 0L;
        for (var partition = 0; partition < partitions; partition++)
        {
            var ends = consumer.QueryWatermarkOffsets(new(topic, partition), TimeSpan.FromSeconds(20));
            count += ends.High - ends.Low;
        }

        return count;
    }
}
