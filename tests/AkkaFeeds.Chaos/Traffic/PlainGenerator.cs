using System.Diagnostics;
using System.Text;
using AkkaFeeds.Harness;
using AkkaFeeds.LogOracle;
using Confluent.Kafka;

namespace AkkaFeeds.Chaos.Traffic;

/// <summary>A steady stream of records by one idempotent producer, which keeps the order of each partition.</summary>
internal sealed class PlainGenerator : IAsyncDisposable
{
    private const int TicksPerSecond = 50;

    private readonly IProducer<byte[], byte[]> producer;
    private readonly CancellationTokenSource stop = new();
    private readonly string topic;
    private readonly SendLog log;
    private readonly Random random;
    private Task producing = Task.CompletedTask;

    public PlainGenerator(string brokers, string topic, SendLog log, int seed)
    {
        this.topic = topic;
        this.log = log;
        random = new Random(seed);
        producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig
        {
            BootstrapServers = brokers,
            EnableIdempotence = true,
            Acks = Acks.All,
            LingerMs = 30,
            MessageTimeoutMs = 120_000,
            ReconnectBackoffMaxMs = 500,
            QueueBufferingMaxMessages = 500_000,
        }).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
    }

    /// <summary>
    /// One record of each key in each of its partitions; returns when the broker has them. A partition that has made
    /// no row of a slot yet does not count as feeding it, so that a key may be live before its first row of a
    /// partition.
    /// </summary>
    public void SendEach()
    {
        foreach (var key in ChaosFeed.Plain)
        {
            Send(key, Partition.Any);
        }

        foreach (var key in ChaosFeed.Spread)
        {
            for (var partition = 0; partition < ChaosFeed.Partitions; partition++)
            {
                Send(key, partition);
            }
        }

        producer.Flush(TimeSpan.FromSeconds(30));
    }

    public void Start(int perSecond) => producing = Task.Run(() => ProduceAsync(perSecond));

    /// <summary>Stops; each record's fate is in the ledger then.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await producing;
        await Task.Run(() => producer.Flush(TimeSpan.FromSeconds(150)));
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await producing;
        producer.Dispose();
        stop.Dispose();
    }

    private async Task ProduceAsync(int perSecond)
    {
        var watch = Stopwatch.StartNew();
        var sent = 0L;
        while (!stop.IsCancellationRequested)
        {
            // A quarter of the records belongs to keys that all partitions feed.
            for (var due = (long)(watch.Elapsed.TotalSeconds * perSecond); sent < due; sent++)
            {
                var key = random.Next(4) == 0
                    ? ChaosFeed.Spread[random.Next(ChaosFeed.Spread.Count)]
                    : ChaosFeed.Plain[random.Next(ChaosFeed.Plain.Count)];
                Send(key, Partition.Any);
            }

            await Waiting.PauseAsync(TimeSpan.FromMilliseconds(1_000.0 / TicksPerSecond), CancellationToken.None);
        }
    }

    private void Send(string key, Partition partition)
    {
        var record = log.Next(key, random);
        var name = key[0] == 'S' ? $"{key}/{record.Sequence % 23}" : key;
        var message = new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(name), Value = record.Value };
        producer.Produce(new TopicPartition(topic, partition), message, report =>
        {
            if (report.Error.IsError)
            {
                log.Ended(record, SendLine.Unknown);
            }
            else
            {
                log.Acknowledged(record, report.Partition.Value, report.Offset.Value);
            }
        });
    }
}
