using System.Diagnostics;
using AkkaFeeds.Harness;
using AkkaFeeds.IntegrationTests.Fixtures;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>Clients, records and one kill -9, until so many frames have come; then rest, and the comparison.</summary>
internal sealed class RandomTraffic : IAsyncDisposable
{
    private const int Clients = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly string topic = $"traffic-{Guid.NewGuid():N}";
    private readonly RealBroker broker;
    private readonly ServerSite site;
    private readonly List<RandomClient> clients;
    private readonly Random random;
    private long produced;

    public RandomTraffic(RealBroker broker, int seed)
    {
        this.broker = broker;
        site = new(broker.BootstrapServers, $"group-{Guid.NewGuid():N}", SmallFeed.Yaml(topic));
        random = new(seed);
        var schema = FrameSchema.Parse(File.ReadAllText(
            Path.Combine(ServerBinary.Root, "src", "akkafeeds-js", "schema.json")));
        clients =
        [
            .. Enumerable.Range(0, Clients)
                .Select(number => new RandomClient(number, seed + (1_000 * number), site.Http, Register, schema)),
        ];
    }

    public ViewRegister Register { get; } = new();

    public IReadOnlyList<RandomClient> All => clients;

    public long Produced => produced;

    /// <summary>How long the frames took.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>What still differed when patience was at its end; null where all came to rest.</summary>
    public string? Difference { get; private set; }

    public long Frames => clients.Sum(client => client.Checker.Counts.Values.Sum());

    public async Task RunAsync(long frames)
    {
        await FlightProducer.CreateTopicAsync(broker.BootstrapServers, topic, partitions: 4);
        using var stopProducing = new CancellationTokenSource();
        using var stopActing = new CancellationTokenSource();
        var server = await ServerProcess.StartReadyAsync(site);
        var producing = ProduceAsync(stopProducing.Token);
        var watch = Stopwatch.StartNew();
        var acting = Task.WhenAll(clients.Select(client => client.RunAsync(stopActing.Token)));
        try
        {
            await UntilAsync(frames / 2, watch);
            await server.KillAsync();
            await server.DisposeAsync();
            server = await ServerProcess.StartReadyAsync(site);
            await UntilAsync(frames, watch);
            Took = watch.Elapsed;
            await stopActing.CancelAsync();
            await acting;
            await stopProducing.CancelAsync();
            await producing;
            await RestAsync(server);
        }
        finally
        {
            await stopActing.CancelAsync();
            await stopProducing.CancelAsync();
            await server.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }

        site.Dispose();
    }

    private async Task UntilAsync(long frames, Stopwatch watch)
    {
        while (Frames < frames && watch.Elapsed < Patience)
        {
            await Waiting.PauseAsync(Pause);
        }
    }

    private async Task ProduceAsync(CancellationToken stop)
    {
        using var producer = FlightProducer.Create(broker.BootstrapServers);
        while (!stop.IsCancellationRequested)
        {
            // Few keys are hot, and most are quiet for a while.
            for (var count = random.Next(1, 40); count > 0; count--)
            {
                var index = random.Next(2) == 0 ? random.Next(20) : random.Next(SmallFeed.Keys);
                var key = SmallFeed.KeyOf(index);
                FlightProducer.Send(
                    producer, topic, System.Text.Encoding.UTF8.GetBytes(key), SmallFeed.Record(random, key));
                produced++;
            }

            await Waiting.PauseAsync(Pause, CancellationToken.None);
        }

        FlightProducer.Flush(producer);
    }

    private async Task RestAsync(ServerProcess server)
    {
        using var comparison = new RestComparison(server.Client);
        var watch = Stopwatch.StartNew();
        do
        {
            await Waiting.PauseAsync(TimeSpan.FromMilliseconds(250));
            Difference = null;
            foreach (var client in clients)
            {
                await client.RestAsync();
                Difference ??= await comparison.FindAsync(client.Checker);
            }
        }
        while (Difference is not null && watch.Elapsed < Patience);

        foreach (var client in clients)
        {
            client.Checker.Finish();
        }
    }
}
