using AkkaFeeds.Kafka.Native;

namespace AkkaFeeds.Kafka;

/// <summary>
/// A small Kafka in this process: librdkafka's mock cluster, one broker on the loopback interface. It keeps 100,000
/// records or
/// 5 MiB a partition, and forgets all of it when disposed. Transactions, queries by time and topic creation over the
/// wire do
/// not work as on a real broker; see docs/kafka.md. Thread-safe.
/// </summary>
public sealed class EmbeddedBroker : IDisposable
{
    private const int BrokerId = 1;

    private readonly Lock gate = new();
    private nint client;
    private nint cluster;

    private EmbeddedBroker(nint client, nint cluster)
    {
        this.client = client;
        this.cluster = cluster;
        BootstrapServers = Mock.Bootstraps(cluster);
    }

    /// <summary>host:port of the broker.</summary>
    public string BootstrapServers { get; }

    /// <summary>Starts a broker with the given topics and their numbers of partitions.</summary>
    /// <exception cref="InvalidOperationException">The native library refused.</exception>
    public static EmbeddedBroker Start(IEnumerable<KeyValuePair<string, int>>? topics = null)
    {
        Librdkafka.EnsureLoaded();
        var (client, cluster) = Mock.NewCluster();

        // Without a controller every request for one (descriptions of topics, say) is answered by a time-out.
        Mock.SetController(cluster, BrokerId);
        Mock.InitialRebalanceDelay(cluster, 0);
        var broker = new EmbeddedBroker(client, cluster);
        foreach (var topic in topics ?? [])
        {
            broker.CreateTopic(topic.Key, topic.Value);
        }

        return broker;
    }

    /// <summary>Starts a broker with one topic.</summary>
    public static EmbeddedBroker Start(string topic, int partitions) => Start([new(topic, partitions)]);

    /// <summary>Creates a topic.</summary>
    public void CreateTopic(string name, int partitions) =>
        Call(mock => Mock.CreateTopic(mock, name, partitions, 1), name);

    /// <summary>Deletes a topic; created again it has another id, and offsets from 0.</summary>
    public void DeleteTopic(string name) => Call(mock => Mock.DeleteTopic(mock, name), name);

    /// <summary>Deletes the records of a partition below an offset, as retention does.</summary>
    public void DeleteRecords(string topic, int partition, long beforeOffset) =>
        Call(mock => Mock.DeleteRecords(mock, topic, partition, beforeOffset), topic);

    /// <summary>Closes the broker's connections and refuses new ones.</summary>
    public void SetBrokerDown() => Call(mock => Mock.SetDown(mock, BrokerId), "down");

    /// <summary>Ends <see cref="SetBrokerDown"/>.</summary>
    public void SetBrokerUp() => Call(mock => Mock.SetUp(mock, BrokerId), "up");

    /// <summary>Delays each answer of the broker.</summary>
    public void SetRtt(TimeSpan roundTrip) =>
        Call(mock => Mock.SetRtt(mock, BrokerId, (int)roundTrip.TotalMilliseconds), "rtt");

    /// <summary>
    /// Answers the next requests of a kind (<see href="https://kafka.apache.org/protocol#protocol_api_keys">api
    /// key</see>) with error codes.
    /// </summary>
    public void FailRequests(short apiKey, params Confluent.Kafka.ErrorCode[] errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        Call(mock => Mock.PushErrors(mock, apiKey, (nuint)errors.Length, [.. errors.Select(each => (int)each)]),
            "errors");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            if (cluster != 0)
            {
                Mock.DestroyCluster(cluster);
                Mock.DestroyClient(client);
                cluster = 0;
                client = 0;
            }
        }
    }

    private void Call(Func<nint, int> function, string what)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(cluster == 0, this);
            var error = function(cluster);
            if (error != 0)
            {
                throw new InvalidOperationException($"embedded broker: {what}: {(Confluent.Kafka.ErrorCode)error}");
            }
        }
    }
}
