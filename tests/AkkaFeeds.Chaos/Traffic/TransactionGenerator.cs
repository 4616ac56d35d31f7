using System.Text;
using AkkaFeeds.Harness;
using AkkaFeeds.LogOracle;
using Confluent.Kafka;

namespace AkkaFeeds.Chaos.Traffic;

/// <summary>Small transactions, some of which are aborted: nobody may ever see their records.</summary>
internal sealed class TransactionGenerator(string brokers, string topic, SendLog log, int seed) : IAsyncDisposable
{
    private const int RecordsPerTransaction = 8;
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private readonly CancellationTokenSource stop = new();
    private readonly Random random = new(seed);
    private readonly string id = $"chaos-{Guid.NewGuid():N}";
    private Task producing = Task.CompletedTask;
    private IProducer<byte[], byte[]>? producer;
    private long aborted;

    /// <summary>How many transactions were aborted.</summary>
    public long Aborted => Interlocked.Read(ref aborted);

    /// <summary>One record of each key, so that each exists.</summary>
    public void SendEach() => Transact(ChaosFeed.Transacted, isAborted: false);

    public void Start() => producing = Task.Run(ProduceAsync);

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await producing;
    }

    /// <summary>Leaves records of all the keys in a transaction that stays open, until the answer is called.</summary>
    public async Task<Func<Task>> HangAsync()
    {
        var hung = Create($"{id}-hung");
        await Task.Run(() =>
        {
            hung.InitTransactions(Within);
            hung.BeginTransaction();
            foreach (var key in ChaosFeed.Keys)
            {
                Produce(hung, log.Next(key, new Random(seed)), (record, _) => log.Ended(record, SendLine.Failed));
            }

            hung.Flush(Within);
        });
        return () => Task.Run(() =>
        {
            hung.AbortTransaction(Within);
            hung.Dispose();
        });
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        producer?.Dispose();
        stop.Dispose();
    }

    private async Task ProduceAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            var keys = Enumerable.Range(0, RecordsPerTransaction)
                .Select(_ => ChaosFeed.Transacted[random.Next(ChaosFeed.Transacted.Count)]);
            Transact([.. keys], isAborted: random.Next(6) == 0);
            await Waiting.PauseAsync(Pause, CancellationToken.None);
        }
    }

    // Whatever fails leaves the outcome unknown, and a new producer of the same id: it ends what the old one left
    // open.
    private void Transact(IReadOnlyList<string> keys, bool isAborted)
    {
        var sent = new List<(ChaosRecord Record, TopicPartitionOffset? At)>();
        var outcome = SendLine.Unknown;
        try
        {
            producer ??= Opened();
            producer.BeginTransaction();
            foreach (var key in keys)
            {
                var index = sent.Count;
                sent.Add((log.Next(key, random), null));
                Produce(producer, sent[index].Record, (record, report) =>
                {
                    if (!report.Error.IsError)
                    {
                        sent[index] = (record, report.TopicPartitionOffset);
                    }
                });
            }

            if (isAborted)
            {
                // Some of them have to be in the log, else nothing is there to be hidden.
                producer.Flush(Within);
                producer.AbortTransaction(Within);
                Interlocked.Increment(ref aborted);
                outcome = SendLine.Failed;
            }
            else
            {
                producer.CommitTransaction(Within);
                outcome = SendLine.Ok;
            }
        }
        catch (KafkaException)
        {
            producer?.Dispose();
            producer = null;
        }

        foreach (var (record, at) in sent)
        {
            if (outcome == SendLine.Ok && at is not null)
            {
                log.Acknowledged(record, at.Partition.Value, at.Offset.Value);
            }
            else
            {
                log.Ended(record, outcome == SendLine.Ok ? SendLine.Unknown : outcome);
            }
        }
    }

    private IProducer<byte[], byte[]> Opened()
    {
        var opened = Create(id);
        try
        {
            opened.InitTransactions(Within);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private IProducer<byte[], byte[]> Create(string transactionalId) =>
        new ProducerBuilder<byte[], byte[]>(new ProducerConfig
        {
            BootstrapServers = brokers,
            TransactionalId = transactionalId,
            TransactionTimeoutMs = 30_000,
            LingerMs = 1,
            ReconnectBackoffMaxMs = 500,
        }).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();

    private void Produce(
        IProducer<byte[], byte[]> by, ChaosRecord record,
        Action<ChaosRecord, DeliveryReport<byte[], byte[]>> reported) => by.Produce(
            topic, new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(record.Key), Value = record.Value },
            report => reported(record, report));
}
