using System.Collections.Concurrent;
using System.Globalization;
using AkkaFeeds.Kafka;
using Confluent.Kafka;

namespace AkkaFeeds.Server.Demo;

/// <summary>
/// A producer that never gives a record up: what the broker refuses is sent again a second later, and a client that
/// cannot go on is replaced. What waits is bounded. One owner calls; deliveries are told on the client's thread.
/// </summary>
internal sealed class ReplayProducer : IDisposable
{
    private const int WaitingMin = 10_000;
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);

    private readonly ProducerSettings<byte[], byte[]> settings;
    private readonly string topic;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly Action<DeliveryReport<byte[], byte[]>> onDelivered;
    private readonly ConcurrentQueue<Message<byte[], byte[]>> again = new();
    private IProducer<byte[], byte[]>? producer;
    private long restsSince;
    private bool isResting;
    private volatile bool isTroubled;
    private volatile Error? refusal;

    /// <summary>Connects to nothing yet.</summary>
    /// <param name="brokers">host:port.</param>
    /// <param name="target">Where the records go; two seconds of them may wait.</param>
    /// <param name="clock">Tells when a second has passed.</param>
    /// <param name="logger">Hears of trouble, and of its end.</param>
    public ReplayProducer(string brokers, ReplayTarget target, TimeProvider clock, ILogger logger)
    {
        // Without a time-out of its own a record waits for as long as the broker is away.
        settings = ProducerSettings<byte[], byte[]>.Create()
            .WithProperties(target.Properties)
            .WithBootstrapServers(brokers)
            .WithProperty("message.timeout.ms", "0")
            .WithProperty("compression.type", "lz4")
            .WithProperty(
                "queue.buffering.max.messages",
                Math.Max(WaitingMin, 2 * target.Rate).ToString(CultureInfo.InvariantCulture));
        topic = target.Topic;
        this.clock = clock;
        this.logger = logger;
        onDelivered = OnDelivered;
    }

    /// <summary>Hands a record over, unless records wait that come first or there is no room: false then, and the
    /// caller comes back later.</summary>
    public bool TrySend(byte[] key, byte[] value) =>
        TrySendAgain() && TryProduce(new Message<byte[], byte[]> { Key = key, Value = value });

    /// <summary>Sends what was refused, if it is time; true when nothing is left of it.</summary>
    private bool TrySendAgain()
    {
        if (refusal is { } error)
        {
            refusal = null;
            Rest(error);
        }

        if (isResting)
        {
            if (clock.GetElapsedTime(restsSince) < AgainAfter)
            {
                return false;
            }

            isResting = false;
        }

        while (again.TryPeek(out var message))
        {
            if (!TryProduce(message))
            {
                return false;
            }

            again.TryDequeue(out _);
        }

        return true;
    }

    /// <summary>Waits until the broker has everything, for a while at most.</summary>
    public void Flush(TimeSpan within) => producer?.Flush(within);

    /// <inheritdoc/>
    public void Dispose() => producer?.Dispose();

    private bool TryProduce(Message<byte[], byte[]> message)
    {
        try
        {
            producer ??= settings.CreateProducer();
            producer.Produce(topic, message, onDelivered);
            return true;
        }
        catch (ProduceException<byte[], byte[]> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
        catch (KafkaException exception)
        {
            Rest(exception.Error);
            if (exception.Error.IsFatal)
            {
                Replace();
            }

            return false;
        }
    }

    /// <summary>After a fatal error a client takes no record any more, and fails those that it holds.</summary>
    private void Replace()
    {
        producer?.Flush(AgainAfter);
        producer?.Dispose();
        producer = null;
    }

    private void Rest(Error error)
    {
        isResting = true;
        restsSince = clock.GetTimestamp();
        if (!isTroubled)
        {
            isTroubled = true;
            DemoLog.Refused(logger, error.Reason);
        }
    }

    private void OnDelivered(DeliveryReport<byte[], byte[]> report)
    {
        if (report.Error.IsError)
        {
            again.Enqueue(new Message<byte[], byte[]> { Key = report.Message.Key, Value = report.Message.Value });
            refusal = report.Error;
        }
        else if (isTroubled && again.IsEmpty)
        {
            isTroubled = false;
            DemoLog.Accepted(logger);
        }
    }
}
