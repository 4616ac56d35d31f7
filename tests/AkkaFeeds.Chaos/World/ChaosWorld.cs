using System.Diagnostics;
using System.Globalization;
using AkkaFeeds.Chaos.Traffic;
using AkkaFeeds.Chaos.Viewers;
using AkkaFeeds.Harness;
using AkkaFeeds.IntegrationTests.Fixtures;
using AkkaFeeds.LogOracle;

namespace AkkaFeeds.Chaos.World;

/// <summary>
/// Everything that runs: a broker, PostgreSQL behind a proxy, three nodes of one cluster behind proxies of their own,
/// a node alone on SQLite over the same topics, the traffic and the clients.
/// </summary>
internal sealed class ChaosWorld : IAsyncDisposable
{
    public const string ClusterGroup = "chaos";
    public const string SingleGroup = "chaos-single";
    private const string Database = "chaos";
    private const int NodeCount = 3;
    private const int SingleFastKeys = 4;
    private const int FastKeys = 6;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(150);

    private readonly CancellationTokenSource stop = new();
    private readonly List<ChaosNode> nodes = [];
    private readonly List<RecordingClient> clients = [];
    private readonly WorldFiles files;
    private readonly int seed;
    private Task monitoring = Task.CompletedTask;

    private ChaosWorld(RealBroker broker, PostgresServer postgres, RunFolder folder, int seed)
    {
        Broker = broker;
        Postgres = postgres;
        this.seed = seed;
        files = new WorldFiles(folder);
        PostgresProxy = new TcpProxy(postgres.Port);
        Topics = new Topics(broker.BootstrapServers);
        Topic = "chaos";
        PoisonTopic = "chaos-poison";
        Sends = new SendLog(folder.Sends);
        Plain = new PlainGenerator(broker.BootstrapServers, Topic, Sends, seed);
        Transactions = new TransactionGenerator(broker.BootstrapServers, Topic, Sends, seed);
        Commits = new GroupCommits(broker.BootstrapServers, Topic, [ClusterGroup, SingleGroup]);
    }

    public RealBroker Broker { get; }

    public PostgresServer Postgres { get; }

    public TcpProxy PostgresProxy { get; }

    public Topics Topics { get; }

    public string Topic { get; }

    public string PoisonTopic { get; }

    public SendLog Sends { get; }

    public PlainGenerator Plain { get; }

    public TransactionGenerator Transactions { get; }

    public GroupCommits Commits { get; }

    public ViewRegister Register { get; } = new();

    public WorldFiles Files => files;

    /// <summary>The nodes of the cluster.</summary>
    public IReadOnlyList<ChaosNode> Nodes => nodes;

    /// <summary>The node alone, on SQLite.</summary>
    public ChaosNode Single { get; private set; } = null!;

    public IReadOnlyList<RecordingClient> Clients => clients;

    /// <summary>Everything that serves clients.</summary>
    public IEnumerable<ChaosNode> Edges => [.. nodes, Single];

    /// <summary>The cluster's store, by way of the proxy.</summary>
    public string Store => Postgres.ConnectionString(Database).Replace(
        string.Create(CultureInfo.InvariantCulture, $"Port={Postgres.Port}"),
        string.Create(CultureInfo.InvariantCulture, $"Port={PostgresProxy.Port}"), StringComparison.Ordinal);

    /// <summary>Holds up whoever writes the cluster's journal.</summary>
    /// <param name="mode">EXCLUSIVE, or ACCESS EXCLUSIVE for readers as well.</param>
    public async Task<JournalLock> LockJournalAsync(string mode) =>
        await JournalLock.TakeAsync(await Postgres.OpenAsync(Database), mode);

    /// <summary>Starts servers and nodes, and waits until every client is live.</summary>
    /// <param name="folder">Takes the run's files.</param>
    /// <param name="seed">Of traffic and clients.</param>
    /// <param name="perSecond">Records a second.</param>
    public static async Task<ChaosWorld> StartAsync(RunFolder folder, int seed, int perSecond)
    {
        var broker = await RealBroker.StartAsync() ?? throw new PlatformNotSupportedException(RealBroker.SkipReason);
        var postgres = await PostgresServer.StartAsync()
            ?? throw new PlatformNotSupportedException(PostgresServer.SkipReason);
        var world = new ChaosWorld(broker, postgres, folder, seed);
        try
        {
            await world.StartAsync(perSecond);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes a line about what is going on.</summary>
    public void Say(string line) => files.Say(line);

    /// <summary>
    /// Waits until every node that runs and every client of one answers and holds, live, what is in the log when this
    /// begins.
    /// </summary>
    /// <exception cref="TimeoutException">That did not come to pass; it says what was lacking at last.</exception>
    public async Task<TimeSpan> UntilRightAsync(TimeSpan limit, Predicate<ChaosNode>? which = null)
    {
        var wanted = Sends.Acked;
        var watch = Stopwatch.StartNew();
        string? difference = null;
        try
        {
            await Waiting.ForAsync(
                async () => (difference = await DifferenceAsync(wanted, which ?? (_ => true))) is null ? this : null,
                "everybody live and right", limit, Every);
            return watch.Elapsed;
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}: {difference}", late);
        }
    }

    /// <summary>Ends clients and what writes files, so that the files are whole; nodes and servers go on.</summary>
    public async Task CloseFilesAsync()
    {
        await stop.CancelAsync();
        await monitoring;
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }

        clients.Clear();
        Sends.Dispose();
        files.History.Dispose();
        files.CloseCommits();
    }

    /// <summary>Starts a node that runs not, and waits until it is ready.</summary>
    public static async Task StartReadyAsync(ChaosNode node)
    {
        node.Start();
        await node.ReadyAsync();
    }

    /// <summary>A site of a node that belongs to nobody here: its own store, topic and group.</summary>
    public ServerSite SideSite(string topic, string feed)
    {
        var site = new ServerSite(Broker.BootstrapServers, $"side-{Guid.NewGuid():N}", feed);
        Directory.CreateDirectory(site.Store);
        Say($"a node of its own reads {topic}");
        return site;
    }

    /// <summary>A node of another cluster that shares the store, as nobody should set it up.</summary>
    public ServerSite IntruderSite()
    {
        var site = Site("chaos-intruder");
        var ports = Ports.Free(1);
        site.UsePostgres(Store);
        site.Edit("checkpoint:", string.Create(
            CultureInfo.InvariantCulture, $"cluster:\n  port: {ports[0]}\ncheckpoint:"));
        return site;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await monitoring;
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }

        await Plain.DisposeAsync();
        await Transactions.DisposeAsync();
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        if (Single is not null)
        {
            Single.IsSupervised = false;
            await Single.KillAsync();
            files.LimitedStore?.Dispose();
            await Single.DisposeAsync();
        }

        Commits.Dispose();
        Sends.Dispose();
        files.Dispose();
        await PostgresProxy.DisposeAsync();
        await Postgres.DisposeAsync();
        await Broker.DisposeAsync();
        stop.Dispose();
    }

    private async Task StartAsync(int perSecond)
    {
        await Topics.CreateAsync(Topic, ChaosFeed.Partitions);
        await Topics.CreateAsync(PoisonTopic, 1);
        await Postgres.CreateDatabaseAsync(Database);
        MakeNodes();
        Plain.SendEach();
        await Task.Run(Transactions.SendEach);
        await StartReadyAsync(nodes[0]);
        await JournalAudit.BeginAsync(Postgres, Database);
        foreach (var node in nodes.Skip(1).Append(Single))
        {
            node.Start();
        }

        foreach (var node in nodes.Skip(1).Append(Single))
        {
            await node.ReadyAsync();
        }

        Plain.Start(perSecond);
        Transactions.Start();
        MakeClients();
        monitoring = Task.Run(MonitorAsync);
        var took = await UntilRightAsync(TimeSpan.FromSeconds(120));
        Say($"everybody live and right after {took.TotalSeconds:F1} s");
    }

    // Records are fetched by twentieths of a second: else four nodes ask the broker for each record alone, and the
    // machine has no time left for what is to be proven.
    private ServerSite Site(string group)
    {
        var site = new ServerSite(
            Broker.BootstrapServers, group, $"{ChaosFeed.MainYaml(Topic)}\n{ChaosFeed.PoisonedYaml(PoisonTopic)}");
        site.Edit(
            $"group: {group}",
            $$"""
            group: {{group}}
              properties: { fetch.min.bytes: 65536, fetch.wait.max.ms: 50 }
            """);
        return site;
    }

    private void MakeNodes()
    {
        var ports = Ports.Free(NodeCount);
        TcpProxy[] proxies = [.. ports.Select(port => new TcpProxy(port, AkkaOrigin.Read))];
        for (var index = 0; index < NodeCount; index++)
        {
            var site = Site(ClusterGroup);
            site.UsePostgres(Store);
            site.Edit("checkpoint:", string.Create(CultureInfo.InvariantCulture, $"""
                cluster:
                  port: {proxies[index].Port}
                  bind: 127.0.0.1:{ports[index]}
                  seeds: [127.0.0.1:{proxies[0].Port}, 127.0.0.1:{proxies[1].Port}]
                checkpoint:
                """));
            nodes.Add(new ChaosNode($"node {index}", site, files.Folder.Of($"node-{index}.log"), proxies[index]));
        }

        var single = Site(SingleGroup);
        files.LimitedStore = DiskLimit.TryMake(single.Store);
        Single = new ChaosNode("single 3", single, files.Folder.Of("single-3.log"), cluster: null);
    }

    private void MakeClients()
    {
        for (var index = 0; index < NodeCount; index++)
        {
            // One that stays with its edge, and one that goes to the next edge whenever it loses one.
            IReadOnlyList<ChaosNode> all = [.. nodes.Skip(index), .. nodes.Take(index)];
            clients.Add(new($"stays-{index}", [nodes[index]], files.History, Register, FastKeys, seed + index));
            clients.Add(new($"roams-{index}", all, files.History, Register, FastKeys, seed + 10 + index));
        }

        clients.Add(new("single-3", [Single], files.History, Register, SingleFastKeys, seed + 20));
    }

    private async Task<string?> DifferenceAsync(
        IReadOnlyDictionary<(string Key, int Partition), long> wanted, Predicate<ChaosNode> which)
    {
        ChaosNode[] asked = [.. Edges.Where(node => node.IsRunning && which(node))];
        var answers = await Task.WhenAll(asked.Select(node => node.DifferenceAsync(wanted)));
        return answers.FirstOrDefault(each => each is not null)
            ?? clients.Where(client => client.Roams ? asked.Any(node => node != Single) : asked.Contains(client.Edge))
                .Select(client => client.Difference(wanted)).FirstOrDefault(each => each is not null);
    }

    // Supervises, and notes now and then what Kafka has as the groups' commits.
    private async Task MonitorAsync()
    {
        for (var round = 0; !stop.IsCancellationRequested; round++)
        {
            foreach (var node in Edges)
            {
                await node.SuperviseAsync();
            }

            if (round % 10 == 0)
            {
                foreach (var group in Commits.Groups)
                {
                    var commits = await Task.Run(() => Commits.Of(group));
                    files.Commits(group, commits ?? []);
                }
            }

            await Waiting.PauseAsync(TimeSpan.FromMilliseconds(200), CancellationToken.None);
        }
    }
}
