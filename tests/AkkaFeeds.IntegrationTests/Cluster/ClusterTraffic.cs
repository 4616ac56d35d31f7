using System.Collections.Concurrent;
using System.Text;
using AkkaFeeds.Harness;
using Confluent.Kafka;
using Partitioner = Confluent.Kafka.Partitioner;

namespace AkkaFeeds.IntegrationTests.Cluster;

/// <summary>A record of each key again and again, and how many there were.</summary>
internal sealed class ClusterTraffic(string brokers, string topic, IReadOnlyList<string> keys) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, long> counts = new(keys.Select(key => KeyValuePair.Create(key, 0L)));
    private CancellationTokenSource stop = new();
    private Task producing = Task.CompletedTask;

    /// <summary>How many records of each key may stand in the log: counted before they are sent.</summary>
    public IReadOnlyDictionary<string, long> Counts => new Dictionary<string, long>(counts);

    /// <summary>Produces one record of each key after each pause, until it is stopped.</summary>
    public void Start(TimeSpan pause)
    {
        stop = new();
        producing = ProduceAsync(pause, stop.Token);
    }

    /// <summary>Produces some of each key, and returns when Kafka has them.</summary>
    public void Produce(int rounds)
    {
        using var producer = FlightProducer.Create(brokers, Partitioner.Murmur2Random);
        for (var round = 0; round < rounds; round++)
        {
            SendAll(producer);
        }

        FlightProducer.Flush(producer);
    }

    /// <summary>Stops; Kafka has all of it then.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await producing;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
    }

    private async Task ProduceAsync(TimeSpan pause, CancellationToken stopped)
    {
        using var producer = FlightProducer.Create(brokers, Partitioner.Murmur2Random);
        while (!stopped.IsCancellationRequested)
        {
            SendAll(producer);
            await Waiting.PauseAsync(pause, CancellationToken.None);
        }

        FlightProducer.Flush(producer);
    }

    private void SendAll(IProducer<byte[]?, byte[]> producer)
    {
        foreach (var key in keys)
        {
            var number = counts[key]++;
            var flight = new Flight(
                (int)number, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(number), number % 60, 100,
                key, "MCO");
            FlightProducer.Send(producer, topic, Encoding.UTF8.GetBytes(key), FlightJson.Write(flight));
        }
    }
}
