using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Remote.Hosting;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using AkkaFeeds.Contracts;
using AkkaFeeds.Ingest;
using AkkaFeeds.Ingest.Protocol;
using AkkaFeeds.Nodes.Chunks;
using AkkaFeeds.Serialization;
using AkkaFeeds.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AkkaFeeds.IntegrationTests.Cluster;

/// <summary>Two actor systems with the product's own settings, over TCP on loopback.</summary>
public sealed class ChunksTests : TestKit
{
    private const int MiB = 1 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly SlotId Slot = new("flights", 1, 3);
    private static readonly LaneId Lane = new("flights", 1, "AAAAAAAAAAAAAAAAAAAAAA", "flights", 2);
    private static readonly FreshnessStatus Live = new(FreshnessState.Live, null, null, null, null);

    private readonly List<ActorSystem> others = [];

    public ChunksTests()
        : base(Settings(""), "near")
    {
    }

    [Fact]
    public void Every_kind_of_message_arrives_whole_and_in_order_however_large_it_is()
    {
        var (far, probe) = Other("");
        object[] large =
        [
            Rows(5 * MiB), KeyBegins(33 * MiB), KeyChanged(6 * MiB), Snapshot(40 * MiB), Collection(80, MiB),
            Write(80, MiB), Entries(70, MiB), Rows(33 * MiB),
        ];
        var round = 0;
        foreach (var message in large)
        {
            far.Tell(Gap(round++));
            far.Tell(message);
            far.Tell(Gap(round++));
        }

        round = 0;
        foreach (var message in large)
        {
            Assert.Equal(Gap(round++), probe.ExpectMsg<LaneMessages.Gap>(Patience));
            AssertSame(message, probe.ExpectMsg<object>(Patience));
            Assert.Equal(Gap(round++), probe.ExpectMsg<LaneMessages.Gap>(Patience));
        }
    }

    [Theory]
    [InlineData(4 * MiB)]
    [InlineData(32 * MiB)]
    public void Sizes_around_a_limit_arrive_whole(int limit)
    {
        var (far, probe) = Other("");
        // Identities and addresses around the view take some hundred bytes: the limit is somewhere between these.
        for (var size = limit - 600; size <= limit + 1; size += limit > 5 * MiB ? 200 : 40)
        {
            far.Tell(KeyBegins(size));
            Assert.Equal(size, probe.ExpectMsg<WatchMessages.KeyBegins>(Patience).Data.Length);
        }
    }

    [Fact]
    public async Task An_answer_comes_back_in_chunks_over_a_connection_that_the_asker_opened()
    {
        var (_, probe) = Other("");
        var answer = Collection(80, MiB);
        var asked = Sys.ActorSelection(Path(probe))
            .Ask<SlotQueries.SlotRows>(new SlotQueries.GetStatus(Slot), Patience);
        probe.ExpectMsg<SlotQueries.GetStatus>(Patience);
        probe.Reply(answer);
        AssertSame(answer, await asked);
    }

    [Fact]
    public void What_is_larger_than_the_limit_is_refused_by_name_and_the_connection_stays()
    {
        var (far, probe) = Other("akka.remote.dot-netty.tcp.maximum-message-size = 48 MiB");
        far.Tell(Gap(1));
        EventFilter.Exception<AkkaException>(contains: "SlotQueries+SlotRows").ExpectOne(
            Patience, () => far.Tell(Collection(257, MiB)));
        CreateEventFilter(probe.Sys).Error(contains: "refused: it has").ExpectOne(
            Patience, () => far.Tell(Collection(49, MiB)));
        far.Tell(Gap(2));
        far.Tell(Collection(47, MiB));
        Assert.Equal(Gap(1), probe.ExpectMsg<LaneMessages.Gap>(Patience));
        Assert.Equal(Gap(2), probe.ExpectMsg<LaneMessages.Gap>(Patience));
        AssertSame(Collection(47, MiB), probe.ExpectMsg<SlotQueries.SlotRows>(Patience));
    }

    [Fact]
    public void A_node_of_a_release_without_chunks_is_spoken_to_as_before()
    {
        var (far, probe) = Other("akka.remote.dot-netty.tcp.transport-class = "
            + "\"Akka.Remote.Transport.DotNetty.TcpTransport, Akka.Remote\"");
        far.Tell(Gap(1));
        far.Tell(Collection(31, MiB));
        Assert.Equal(Gap(1), probe.ExpectMsg<LaneMessages.Gap>(Patience));
        AssertSame(Collection(31, MiB), probe.ExpectMsg<SlotQueries.SlotRows>(Patience));
        EventFilter.Error(contains: "which is what the release on that node takes").ExpectOne(
            Patience, () => far.Tell(Collection(33, MiB)));
        far.Tell(Gap(2));
        Assert.Equal(Gap(2), probe.ExpectMsg<LaneMessages.Gap>(Patience));

        // And it speaks as before.
        probe.Send(TestActor, Collection(31, MiB));
        AssertSame(Collection(31, MiB), ExpectMsg<SlotQueries.SlotRows>(Patience));
    }

    [Fact]
    public async Task A_node_as_it_is_hosted_has_the_transport_and_its_limits()
    {
        using var host = new HostBuilder().ConfigureServices(services => services.AddAkka(
            "akkafeeds",
            builder => builder
                .AddHocon(EngineConfig.Build(new SqliteDatabase("unused.db")), HoconAddMode.Prepend)
                .WithRemoting("127.0.0.1", 0)
                .WithClustering(new ClusterOptions { Roles = ["state"] }))).Build();
        await host.StartAsync();
        var tcp = host.Services.GetRequiredService<ActorSystem>().Settings.Config
            .GetConfig("akka.remote.dot-netty.tcp");
        Assert.Equal("AkkaFeeds.Nodes.Chunks.ChunkedTransport, AkkaFeeds.Engine", tcp.GetString("transport-class"));
        Assert.Equal(new ChunkLimits(4 * MiB, (32 * MiB) - 32, 256 * MiB), ChunkLimits.Of(tcp));
        await host.StopAsync();
    }

    protected override void AfterAll()
    {
        foreach (var other in others)
        {
            Shutdown(other, Patience);
        }

        base.AfterAll();
    }

    private static Config Settings(string changed) => ConfigurationFactory.ParseString(changed)
        .WithFallback("akka.actor.provider = remote, akka.remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }")
        .WithFallback(EngineConfig.Build(new SqliteDatabase("unused.db")));

    /// <summary>Another system, and its probe as this one reaches it.</summary>
    private (IActorRef Far, TestProbe Probe) Other(string changed)
    {
        var system = ActorSystem.Create("far", Settings(changed).WithFallback(DefaultConfig));
        others.Add(system);
        var probe = CreateTestProbe(system);
        return (Sys.ActorSelection(Path(probe)).ResolveOne(Patience).Result, probe);
    }

    private static string Path(TestProbe probe) => probe.Ref.Path.ToStringWithAddress(
        ((ExtendedActorSystem)probe.Sys).Provider.DefaultAddress);

    private static void AssertSame(object expected, object actual)
    {
        Assert.IsType(expected.GetType(), actual);
        var type = WireTypes.Of(expected);
        Assert.True(type.Write(expected).AsSpan().SequenceEqual(type.Write(actual)), $"{type.Type} differs");
    }

    private static LaneMessages.Gap Gap(int round) => new(Slot, Lane, "lease", round);

    private static LaneMessages.Rows Rows(int bytes) => new(
        Slot, Lane, "lease", 1, 0, null, -1, 1, 1, null, -1,
        new RowBlock
        {
            Offsets = [0],
            EventTimes = [0],
            Timestamps = [0],
            Keys = [new KeyName("", "ATL")],
            Fields = [Value.Of(new string('x', bytes))],
            Width = 1,
        });

    private static WatchMessages.KeyBegins KeyBegins(int bytes) =>
        new(Slot, 1, "e.1.1", new KeyName("", "ATL"), 1, View(bytes), 1, [], 0);

    private static WatchMessages.KeyChanged KeyChanged(int bytes) =>
        new(Slot, 1, 1, new KeyName("", "ATL"), 1, 2, Whole: true, View(bytes), [], 1, [], 0);

    private static KeySnapshot Snapshot(int bytes) =>
        new("flights", new KeyName("", "ATL"), "e.1.1", 1, View(bytes), 1, [], Live);

    private static SlotQueries.SlotRows Collection(int rows, int bytes) => new(
        Slot, "e.1.1", 1, [.. Enumerable.Range(0, rows).Select(row => new ViewRow($"K{row}", View(bytes), Live))], [],
        rows, 1, "mark");

    private static LedgerMessages.Write Write(int entries, int bytes) => new(
        Lane, new LedgerWrite("lease", entries, 1, new LeaderMark(1, 0), default, List(entries, bytes)));

    private static LedgerMessages.EntryList Entries(int entries, int bytes) =>
        new(Lane, default, List(entries, bytes), []);

    private static LedgerEntry[] List(int entries, int bytes) => [.. Enumerable.Range(0, entries).Select(offset =>
        new LedgerEntry(offset, Outcome.Quarantined, "type", "delay is text", "k"u8.ToArray(), View(bytes)))];

    private static byte[] View(int bytes)
    {
        var view = new byte[bytes];
        for (var at = 0; at < bytes; at++)
        {
            view[at] = (byte)((at * 31) ^ (at >> 12));
        }

        return view;
    }
}
