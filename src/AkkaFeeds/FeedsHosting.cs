using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Event;
using Akka.Hosting;
using Akka.Pattern;
using Akka.Remote.Hosting;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Compilation;
using AkkaFeeds.Definitions.Files;
using AkkaFeeds.Freshness;
using AkkaFeeds.Ingest;
using AkkaFeeds.Nodes;
using AkkaFeeds.Relays;
using AkkaFeeds.Slots;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AkkaFeeds;

/// <summary>
/// The flow of the data in a handful of verbs: lanes read Kafka, slots fold and journal, relays show. This is the one
/// place where the stages meet; each knows only the messages of Contracts.
/// </summary>
internal static class FeedsHosting
{
    private static readonly TimeSpan RestartAfterMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RestartAfterMax = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Registers the engine: IFeedReader, IFeedsHealth, IFeedsOperator, the actor system and what starts and stops it.
    /// </summary>
    /// <param name="services">Takes the registrations; has <see cref="Telemetry.FeedMetrics"/> and a clock
    /// already.</param>
    /// <param name="options">The file.</param>
    /// <param name="feeds">Its feeds, compiled.</param>
    /// <param name="configure">What the process adds to Akka's configuration, such as its logger.</param>
    public static void AddAkkaFeeds(
        IServiceCollection services, FeedsOptions options, IReadOnlyList<CompiledFeed> feeds,
        Action<AkkaConfigurationBuilder>? configure = null)
    {
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<Engine>(provider, options, feeds));
        services.AddSingleton<IFeedsHealth>(provider => provider.GetRequiredService<Engine>());
        services.AddSingleton(provider => provider.GetRequiredService<Engine>().ReaderOf(
            provider.GetRequiredService<IRequiredActor<SlotRegion>>().ActorRef,
            provider.GetRequiredService<IRequiredActor<RelayHub>>().ActorRef));
        services.AddSingleton(provider => provider.GetRequiredService<Engine>().OperatorOf(
            provider.GetRequiredService<IRequiredActor<LedgerRegion>>().ActorRef));
        services.AddSingleton(provider => provider.GetRequiredService<Engine>().ClientsOf(
            provider.GetRequiredService<ActorSystem>(),
            provider.GetRequiredService<IRequiredActor<RelayHub>>().ActorRef));
        services.AddSingleton(provider => provider.GetRequiredService<Engine>().StatusOf(
            provider.GetRequiredService<ActorSystem>()));
        services.AddSingleton<IFeedsStatus>(provider => provider.GetRequiredService<FeedsStatus>());
        services.AddSingleton<IFeedProgress>(provider => provider.GetRequiredService<Engine>().Board);
        services.AddHostedService<StoreService>();
        services.AddAkka("akkafeeds", (builder, provider) =>
        {
            var engine = provider.GetRequiredService<Engine>();
            builder
                .AddHocon(EngineConfig.Build(engine.Database), HoconAddMode.Prepend)
                .WithNode(options)
                .WithSlots(engine)
                .WithLedgers(engine)
                .WithNodes(engine);
            if (options.Has("ingest"))
            {
                builder.WithDrain();
            }

            if (options.Has("edge"))
            {
                builder.WithRelays(engine);
            }

            if (options.Cluster is { Seeds.Count: > 0 })
            {
                builder.WithWordOfLeaving();
            }

            configure?.Invoke(builder);
        });
        services.AddHostedService<EngineService>();
        services.AddHostedService(provider => provider.GetRequiredService<FeedsStatus>());
    }

    private static AkkaConfigurationBuilder WithNode(this AkkaConfigurationBuilder builder, FeedsOptions options)
    {
        var cluster = options.Cluster ?? new Definitions.Files.ClusterOptions();
        return builder
            .WithRemoting(cluster)
            .WithClustering(new Akka.Cluster.Hosting.ClusterOptions
            {
                Roles = [.. cluster.Roles],
                SeedNodes = [.. cluster.Seeds.Select(seed => $"akka.tcp://akkafeeds@{seed}")],
            });
    }

    private static AkkaConfigurationBuilder WithRemoting(
        this AkkaConfigurationBuilder builder, Definitions.Files.ClusterOptions cluster)
    {
        if (cluster.Bind is not { } bind)
        {
            return builder.WithRemoting(cluster.Host, cluster.Port);
        }

        var colon = bind.LastIndexOf(':');
        var port = int.Parse(bind[(colon + 1)..], System.Globalization.CultureInfo.InvariantCulture);
        return builder.WithRemoting(
            bind[..colon], port, cluster.Host, cluster.Port == 0 ? port : cluster.Port);
    }

    // A node without the role of a region has a proxy of it: it reaches what lives elsewhere.
    // Akka.Hosting's own verb takes no allocation strategy.
    private static AkkaConfigurationBuilder WithSlots(this AkkaConfigurationBuilder builder, Engine engine) =>
        builder.WithActors((system, registry) =>
        {
            var sharding = ClusterSharding.Get(system);
            var settings = ClusterShardingSettings.Create(system).WithRole("state");
            registry.Register<SlotRegion>(sharding.Start(
                "slots",
                id => Supervised(SlotActor.Props(SlotId.Parse(id), engine.Slots)),
                settings,
                new EntityPerShard<ISlotMessage>(message => message.Slot.ToString()),
                new SlotPlacement(
                    engine.Board, Cluster.Get(system).SelfAddress, sharding.DefaultShardAllocationStrategy(settings)),
                SlotStop.Instance));
        });

    private static AkkaConfigurationBuilder WithLedgers(this AkkaConfigurationBuilder builder, Engine engine) =>
        builder.WithShardRegion<LedgerRegion>(
            "ledgers",
            id => Supervised(LedgerActor.Props(id, engine.QuarantineBytes)),
            new EntityPerShard<ILedgerMessage>(message => message.Lane.ToString()),
            Sharded("state"));

    // Akka itself warns of slots that have not ended in time.
    private static void WithWordOfLeaving(this AkkaConfigurationBuilder builder) =>
        builder.AddStartup((system, _) => CoordinatedShutdown.Get(system).AddTask(
            CoordinatedShutdown.PhaseClusterLeave, "tell", () =>
            {
                Logging.GetLogger(system, typeof(Engine)).Info(
                    "Leaving: the slots have ended here, and this node leaves the cluster");
                return Task.FromResult(Akka.Done.Instance);
            }));

    private static void WithDrain(this AkkaConfigurationBuilder builder) =>
        builder.AddStartup((system, _) => CoordinatedShutdown.Get(system).AddTask(
            CoordinatedShutdown.PhaseBeforeServiceUnbind, "drain-lanes", async () =>
            {
                await Engine.DrainAsync(system).ConfigureAwait(false);
                return Akka.Done.Instance;
            }));

    private static AkkaConfigurationBuilder WithNodes(this AkkaConfigurationBuilder builder, Engine engine) =>
        builder.WithActors((system, _) =>
            system.ActorOf(NodesActor.Props(engine.NodesOf(system)), NodesActor.Name));

    private static AkkaConfigurationBuilder WithRelays(this AkkaConfigurationBuilder builder, Engine engine) =>
        builder.WithActors((system, registry) => registry.Register<RelayHub>(system.ActorOf(
            RelayHubActor.Props(engine.RelaysOf(registry.Get<SlotRegion>())), "relays")));

    private static ShardOptions Sharded(string role) => new()
    {
        StateStoreMode = StateStoreMode.DData,
        RememberEntities = false,
        ShouldPassivateIdleEntities = false,
        Role = role,
        HandOffStopMessage = SlotStop.Instance,
    };

    // What fails in a slot or a ledger stops it, and its next incarnation recovers, not at once: the store may need a
    // while.
    private static Props Supervised(Props child) => BackoffSupervisor.Props(
        Backoff.OnStop(child, "self", RestartAfterMin, RestartAfterMax, 0.2, -1)
            .WithFinalStopMessage(message => message is SlotStop));

    private sealed class StoreService(Engine engine) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            engine.OpenStore();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class EngineService(Engine engine, ActorSystem system, ILogger<Engine> logger) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) =>
            engine.StartAsync(system, logger, cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
