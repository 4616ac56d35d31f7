using System.Diagnostics;
using System.Text;
using AkkaFeeds.Harness;
using Confluent.Kafka;

namespace AkkaFeeds.Load;

/// <summary>
/// Produces records at a rate, evenly or at random instants, on a thread of its own; nothing is sent later than it was
/// stamped.
/// </summary>
internal sealed class RecordSource : IDisposable
{
    /// <summary>What librdkafka takes unless told otherwise, ms.</summary>
    public const double LingerStandard = 5;

    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(2);

    private readonly IProducer<byte[]?, byte[]> producer;
    private readonly string topic;
    private readonly Random random;
    private readonly int keys;
    private readonly ManualResetEventSlim ending = new();
    private Thread? thread;
    private Exception? failure;
    private long sent;
    private double rate;

    /// <summary>Makes it.</summary>
    /// <param name="brokers">Kafka.</param>
    /// <param name="topic">The topic, which exists.</param>
    /// <param name="keys">How many keys there are.</param>
    /// <param name="seed">Which keys, delays and instants.</param>
    /// <param name="lingerMilliseconds">
    /// How long Kafka's client gathers records for one request. With 0 the broker takes more of this machine than the
    /// server that is measured.
    /// </param>
    public RecordSource(string brokers, string topic, int keys, int seed, double lingerMilliseconds)
    {
        this.topic = topic;
        this.keys = keys;
        random = new Random(seed);
        producer = new ProducerBuilder<byte[]?, byte[]>(new ProducerConfig
        {
            BootstrapServers = brokers,
            LingerMs = lingerMilliseconds,
            Acks = Acks.Leader,
            EnableDeliveryReports = false,
        }).SetLogHandler((_, _) => { }).Build();
    }

    /// <summary>How many records were handed to Kafka's client.</summary>
    public long Sent => Interlocked.Read(ref sent);

    /// <summary>One record for each key, and all of them in the broker.</summary>
    public void MakeKeys()
    {
        for (var key = 0; key < keys; key++)
        {
            Send(key);
        }

        FlightProducer.Flush(producer);
    }

    /// <summary>Begins to produce.</summary>
    /// <param name="perSecond">Records a second.</param>
    /// <param name="isRandom">At random instants (exponential pauses), so that no clock of the server is met.</param>
    public void Start(double perSecond, bool isRandom = false)
    {
        Volatile.Write(ref rate, perSecond);
        thread = new Thread(() => Run(isRandom)) { IsBackground = true, Name = "records" };
        thread.Start();
    }

    /// <summary>Goes on at another rate.</summary>
    public void GoOn(double perSecond) => Volatile.Write(ref rate, perSecond);

    /// <summary>Ends, and returns when the broker has everything.</summary>
    public void Stop()
    {
        ending.Set();
        thread?.Join();
        if (failure is not null)
        {
            throw new InvalidOperationException($"the producer failed: {failure.Message}", failure);
        }

        FlightProducer.Flush(producer);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ending.Set();
        thread?.Join();
        producer.Dispose();
        ending.Dispose();
    }

    private void Run(bool isRandom)
    {
        var watch = Stopwatch.StartNew();
        var due = 0.0;
        try
        {
            while (!ending.Wait(Turn))
            {
                for (; due <= watch.Elapsed.TotalSeconds; due += Pause(Volatile.Read(ref rate), isRandom))
                {
                    Send(random.Next(keys));
                }
            }
        }
        catch (KafkaException error)
        {
            failure = error;
        }
    }

    private double Pause(double perSecond, bool isRandom) =>
        isRandom ? -Math.Log(1 - random.NextDouble()) / perSecond : 1 / perSecond;

    private void Send(int key)
    {
        FlightProducer.Send(
            producer, topic, Encoding.UTF8.GetBytes(FanoutFeed.Key(key)),
            FanoutFeed.Record(key, random.Next(-20, 180)));
        Interlocked.Increment(ref sent);
    }
}
