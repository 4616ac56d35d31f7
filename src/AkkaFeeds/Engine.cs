using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Hosting;
using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Compilation;
using AkkaFeeds.Definitions.Files;
using AkkaFeeds.Freshness;
using AkkaFeeds.Ingest;
using AkkaFeeds.Kafka;
using AkkaFeeds.Nodes;
using AkkaFeeds.Relays;
using AkkaFeeds.Store;
using AkkaFeeds.Telemetry;
using Microsoft.Extensions.Logging;

namespace AkkaFeeds;

/// <summary>
/// The engine's parts that live as long as the process: store, feeds, boards. Its two steps frame Akka's own start:
/// <see cref="OpenStore"/> before the actor system is made, <see cref="StartAsync"/> after.
/// </summary>
internal sealed class Engine : IFeedsHealth, IDisposable
{
    private static readonly TimeSpan DrainWithin = TimeSpan.FromSeconds(9);

    private readonly FeedsOptions options;
    private readonly IReadOnlyList<CompiledFeed> compiled;
    private readonly ProcessFailure failure;
    private readonly string? temporaryFolder;
    private readonly StoreProbe probe;
    private readonly FlushTicker ticker;
    private readonly TimeProvider clock;
    private EmbeddedBroker? embedded;
    private RivalProbe? rivals;
    private Dictionary<string, ServedFeed> feeds = [];
    private FeedRegistry? registry;
    private volatile HealthReport health = new(StoreOpen: false, Recovered: false, "the store is being opened");
    private volatile string? rolesMissing;

    public Engine(
        FeedsOptions options, IReadOnlyList<CompiledFeed> compiled, FeedMetrics metrics, ProcessFailure failure,
        TimeProvider clock)
    {
        this.options = options;
        this.compiled = compiled;
        this.failure = failure;
        this.clock = clock;
        Metrics = metrics;
        Brokers = string.Join(',', options.Kafka.Brokers);
        Board = new FreshnessBoard(
            clock, compiled.ToDictionary(feed => feed.Definition.Name, feed => feed.Definition.Freshness.Slo),
            compiled.ToDictionary(feed => feed.Definition.Name, feed => feed.Definition.Slots));
        if (options.Store.Kind == StoreKind.Temporary)
        {
            temporaryFolder = Directory.CreateTempSubdirectory("akkafeeds-").FullName;
        }

        Database = options.Store.Kind == StoreKind.Postgres
            ? new PostgresDatabase(options.Store.ConnectionString)
            : new SqliteDatabase(temporaryFolder is null
                ? options.Store.Path
                : Path.Combine(temporaryFolder, "akkafeeds.db"));
        ticker = new FlushTicker(options.Flush, clock, Board);
        probe = new StoreProbe(Database, Board.Store, failure, clock);
    }

    /// <summary>The store.</summary>
    public StoreDatabase Database { get; }

    /// <summary>The metrics.</summary>
    public FeedMetrics Metrics { get; }

    /// <summary>Who reads which partition, and how far.</summary>
    public FreshnessBoard Board { get; }

    /// <summary>The feeds by name, once the store is open.</summary>
    public IReadOnlyDictionary<string, ServedFeed> Feeds => feeds;

    /// <summary>What slots work with, once the store is open.</summary>
    public Slots.SlotDependencies Slots =>
        new(feeds, Database, registry!, Board, Metrics, failure, options.Checkpoint.Every);

    /// <summary>host:port of Kafka, several by comma; of the embedded one after <see cref="StartAsync"/>.</summary>
    public string Brokers { get; private set; }

    /// <summary>The most bytes of quarantined records that a ledger keeps.</summary>
    public long QuarantineBytes => options.Quarantine.Bytes;

    /// <inheritdoc/>
    public HealthReport Read()
    {
        var now = health;
        return now is { StoreOpen: true, Recovered: false } && rolesMissing is { } missing
            ? now with { Detail = missing }
            : now;
    }

    /// <summary>The reader of slots behind a region.</summary>
    public IFeedReader ReaderOf(IActorRef slots, IActorRef relays) =>
        new FeedReader(slots, relays, feeds, Board, () => rolesMissing);

    /// <summary>Takes an operator's decisions to ledgers behind a region.</summary>
    public IFeedsOperator OperatorOf(IActorRef ledgers) =>
        new FeedOperator(ledgers, Board, feeds, topic => registry!.TopicIdOf(topic));

    /// <summary>What relays work with that watch slots behind a region.</summary>
    public RelayDependencies RelaysOf(IActorRef slots) => new(
        slots, feeds, Board, Metrics, options.Collections.PerFeed);

    /// <summary>Where clients come in that watch relays.</summary>
    public ClientGateway ClientsOf(ActorSystem system, IActorRef relays)
    {
        var limits = options.Limits;
        var dependencies = new ClientDependencies(
            relays, ticker,
            new OutboxOptions(
                (long)options.Flush.TotalMilliseconds, (long)options.Marks.Every.TotalMilliseconds, limits.WriteBytes),
            new BlankKeys(limits.BlankKeys, limits.BlankKeysPerTenant), Metrics.Clients, Metrics.Freshness, clock,
            Tenant: "", limits.Subscriptions, limits.FrameBytes, limits.Commands,
            (long)options.Slow.Timeout.TotalMilliseconds, limits.UnreadBytes);
        return new ClientGateway(system, dependencies, limits.Connections);
    }

    /// <summary>How the feeds are and have been, sampled from the start of the process.</summary>
    public FeedsStatus StatusOf(ActorSystem system) => new(
        Board, Metrics, compiled.Select(feed => feed.Definition.Name), clock, () =>
        {
            var self = Akka.Cluster.Cluster.Get(system).SelfAddress;
            return $"{self.Host}:{self.Port}";
        });

    /// <summary>What this node tells the others of itself, and what it does with what they tell.</summary>
    public NodesDependencies NodesOf(ActorSystem system)
    {
        Akka.Cluster.Cluster.Get(system).RegisterOnMemberRemoved(
            () => Removed("the others could not reach it for too long"));
        return new NodesDependencies(
            Board,
            feeds.ToDictionary(pair => pair.Key, pair => pair.Value.Compiled.Definition.Topics),
            topic => registry!.TopicIdOf(topic), (topic, id) => registry!.SetTopicId(topic, id),
            missing => rolesMissing = missing, MeetNode,
            other => Removed($"{other} could not reach it for too long"), clock);

        // A node that was declared dead has lost its slots to others: only a new process may join again. One that
        // wakes up hears it from a former neighbour seconds before it decides so itself.
        void Removed(string why)
        {
            if (CoordinatedShutdown.Get(system).ShutdownReason is null or CoordinatedShutdown.ClusterDowningReason)
            {
                failure.Fail(new StartupException(
                    "cluster", $"this node was removed from the cluster, because {why}",
                    "let a supervisor start it again", StartupException.Failed));
            }
        }
    }

    /// <summary>Opens the store and finds the feeds' generations in it.</summary>
    /// <exception cref="StartupException">The store cannot be opened or written, or belongs to other
    /// feeds.</exception>
    public void OpenStore()
    {
        try
        {
            Database.Prepare();
        }
        catch (Exception exception) when (exception is not StartupException)
        {
            throw new StartupException(
                $"store {Database.DisplayName}", $"it cannot be opened and written ({Database.Explain(exception)})",
                "give the process a store that it may write, with `store` in the file or --set store=sqlite:PATH",
                Database.IsUnreachable(exception) ? StartupException.Unreachable : StartupException.Failed,
                exception);
        }

        registry = FeedRegistry.Open(
            Database,
            [.. compiled.Select(feed => new FeedIdentity(feed.Definition.Name, feed.Hash, feed.Definition.Slots))]);
        feeds = compiled.ToDictionary(
            feed => feed.Definition.Name,
            feed => new ServedFeed(feed, registry.GenerationOf(feed.Definition.Name)));
        health = new HealthReport(StoreOpen: false, Recovered: false, "the journal is being opened");
    }

    /// <summary>Fences the journal, wakes the slots and ledgers, and begins to read Kafka.</summary>
    public async Task StartAsync(ActorSystem system, ILogger logger, CancellationToken cancellation)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        if (options.Cluster is not { Seeds.Count: > 0 })
        {
            cluster.Join(cluster.SelfAddress);
        }

        await JournalFence.EnsureAsync(Database, system, cancellation).ConfigureAwait(false);
        health = new HealthReport(StoreOpen: true, Recovered: false, "slots and ledgers are recovering");
        var rehearsal = JournalFence.RehearseAsync(Database, system, cancellation);
        var actors = ActorRegistry.For(system);
        var slots = actors.Get<SlotRegion>();
        var ledgers = actors.Get<LedgerRegion>();
        probe.Start(logger);
        rivals = new RivalProbe(Database, cluster, failure, clock);
        rivals.Start();
        if (options.Has("edge"))
        {
            ticker.Start();
        }

        if (options.Has("ingest"))
        {
            StartIngest(system, slots, ledgers, logger);
        }

        await rehearsal.ConfigureAwait(false);
        _ = Task.Run(() => WakeAsync(slots, ledgers, logger), CancellationToken.None);
    }

    /// <summary>Lanes make durable what they read, and leave the group; the log says how far that is.</summary>
    public static async Task DrainAsync(ActorSystem system)
    {
        if (!ActorRegistry.For(system).TryGet<IngestActor>(out var ingest))
        {
            return;
        }

        var log = Logging.GetLogger(system, typeof(Engine));
        log.Info("Leaving: lanes make durable what they have read");
        var began = TimeProvider.System.GetTimestamp();
        try
        {
            var drained = await ingest.Ask<IngestActor.Drained>(IngestActor.Drain.Instance, DrainWithin)
                .ConfigureAwait(false);
            log.Info(
                "Leaving: the lanes of {Partitions} partitions have ended, and this member has left the group, after "
                + "{Milliseconds} ms",
                drained.Partitions, (long)TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
        }
        catch (AskTimeoutException)
        {
            log.Warning(
                "Leaving: the lanes have not ended within {Seconds} s; whoever takes their partitions reads again "
                + "what is not committed, and counts none of it twice",
                DrainWithin.TotalSeconds);
        }
    }

    public void Dispose()
    {
        ticker.Dispose();
        probe.Dispose();
        rivals?.Dispose();
        embedded?.Dispose();
        if (temporaryFolder is not null && Directory.Exists(temporaryFolder))
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(temporaryFolder, recursive: true);
        }
    }

    private void MeetNode(string address)
    {
        if (options.Store.Kind != StoreKind.Postgres)
        {
            failure.Fail(new StartupException(
                $"store {Database.DisplayName}", $"node {address} has a store of its own, and nodes must share one",
                "write store: postgres:CONNECTION STRING on every node", StartupException.BadInput));
        }
    }

    private void StartIngest(ActorSystem system, IActorRef slots, IActorRef ledgers, ILogger logger)
    {
        if (options.Kafka.Embedded)
        {
            embedded = EmbeddedBroker.Start(feeds.Values.SelectMany(feed => feed.Compiled.Definition.Topics)
                .Distinct().Select(topic => KeyValuePair.Create(topic, 4)));
            Brokers = embedded.BootstrapServers;
            EngineLog.EmbeddedBrokerStarted(logger, Brokers);
        }

        var settings = new IngestSettings(Brokers, options.Kafka.Group, options.Kafka.Properties, failure);
        var dependencies = new IngestDependencies(
            feeds, slots, ledgers, registry!, Board, Metrics, RowsInFlightMax: 32_768);
        var ingest = system.ActorOf(IngestActor.Props(settings, dependencies), "ingest");
        ActorRegistry.For(system).Register<IngestActor>(ingest);
    }

    private async Task WakeAsync(IActorRef slots, IActorRef ledgers, ILogger logger)
    {
        var waits = feeds.Values.SelectMany(feed => feed.Slots)
            .Select(slot => UntilAnsweredAsync(slots, new SlotQueries.GetStatus(slot)))
            .Concat(KnownLanes().Select(lane => UntilAnsweredAsync(ledgers, new LedgerMessages.GetStatus(lane))));
        await Task.WhenAll(waits).ConfigureAwait(false);
        health = new HealthReport(StoreOpen: true, Recovered: true);
        var sinceStart = DateTime.Now - System.Diagnostics.Process.GetCurrentProcess().StartTime;
        EngineLog.Ready(logger, (long)sinceStart.TotalMilliseconds);
    }

    private static async Task UntilAnsweredAsync(IActorRef region, IFeedMessage question)
    {
        while (true)
        {
            try
            {
                await region.Ask<IFeedMessage>(question, TimeSpan.FromSeconds(2)).ConfigureAwait(false);
                return;
            }
            catch (AskTimeoutException)
            {
                // It is still recovering; a recovery that fails is logged where it fails, and is tried again.
            }
        }
    }

    private IEnumerable<LaneId> KnownLanes()
    {
        foreach (var id in Database.PersistenceIds("ledger."))
        {
            var parts = id.Split('.');
            if (parts.Length == 5 && feeds.TryGetValue(parts[1], out var feed)
                && parts[2] == feed.Generation.ToString(System.Globalization.CultureInfo.InvariantCulture)
                && int.TryParse(parts[4], out var partition))
            {
                yield return new LaneId(feed.Name, feed.Generation, parts[3], "", partition);
            }
        }
    }
}

/// <summary>Names the slots' region in Akka's registry.</summary>
internal sealed class SlotRegion;

/// <summary>Names the ledgers' region in Akka's registry.</summary>
internal sealed class LedgerRegion;
