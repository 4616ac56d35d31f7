using AkkaFeeds.Contracts;
using AkkaFeeds.Simulation.Actors;
using AkkaFeeds.Simulation.Faults;
using AkkaFeeds.Simulation.Log;
using AkkaFeeds.Simulation.Store;

namespace AkkaFeeds.Simulation;

/// <summary>
/// One history: a feed with its logs, lanes, ledgers, slots and store, and everything that happens to them.
/// </summary>
internal sealed class History
{
    private const int RestMilliseconds = 40_000;

    private readonly FaultDriver faults;
    private readonly List<LedgerHost> ledgers = [];
    private int ids;

    public History(ulong seed, Defect defect, bool tracing)
    {
        World = new World(seed, defect, tracing);
        Keys = new Keys(World.Plan.Slots, World.Plan.KeysPerSlot);
        Journal = new Journal(World);
        Network = new Network(World);
        Check = new Check(this);
        Operator = new Operator(this);
        Journal.OnLanded = Check.Landed;
        SlotIds = [.. Enumerable.Range(0, World.Plan.Slots).Select(index => new SlotId("f", 1, index))];
        Slots = [.. SlotIds.Select(slot => new SlotHost(this, slot.Index))];
        Lanes =
        [
            .. Enumerable.Range(0, World.Plan.Partitions)
                .Select(partition => new LaneId("f", 1, $"t{partition}", "topic", partition)),
            .. Enumerable.Range(0, World.Plan.Partitions)
                .Select(partition => new LaneId("f", 1, $"u{partition}", "topic", partition)),
        ];
        ExpectedPartitions = [.. Enumerable.Range(0, World.Plan.Partitions).Select(partition => ("topic", partition))];
        for (var partition = 0; partition < World.Plan.Partitions; partition++)
        {
            AddLog(Lanes[partition]);
        }

        faults = new FaultDriver(this);
    }

    public World World { get; }

    public Keys Keys { get; }

    public Journal Journal { get; }

    public Network Network { get; }

    public Check Check { get; }

    public Operator Operator { get; }

    public IReadOnlyList<SlotId> SlotIds { get; }

    public IReadOnlyList<SlotHost> Slots { get; }

    /// <summary>All lanes that there can be: those of the first topic, then those of the topic made again.</summary>
    public IReadOnlyList<LaneId> Lanes { get; }

    public IReadOnlyList<(string Topic, int Partition)> ExpectedPartitions { get; }

    public List<SimLog> Logs { get; } = [];

    public List<LaneHost> LaneHosts { get; } = [];

    public IReadOnlyList<LedgerHost> Ledgers => ledgers;

    public Dictionary<LaneId, long> KafkaCommits { get; } = [];

    public IEnumerable<LaneActor> LiveLanes => LaneHosts.SelectMany(host => host.Live);

    public int NextId() => ++ids;

    /// <summary>Logs are numbered as they come; there is room for one more than there are partitions.</summary>
    public SlotFold NewFold() => new(Keys, World.Plan.Partitions + 1);

    public SimLog AddLog(LaneId lane)
    {
        var log = new SimLog(World, lane, Logs.Count, Keys);
        Logs.Add(log);
        LaneHosts.Add(new LaneHost(this, log));
        ledgers.Add(new LedgerHost(this, lane));
        return log;
    }

    public LedgerHost LedgerOf(LaneId lane) => ledgers.Find(ledger => ledger.Lane == lane)!;

    /// <summary>Sends from a lane to its ledger.</summary>
    public void ToLedger(LaneActor lane, Action<LedgerActor> send)
    {
        if (lane.IsAlive && LedgerOf(lane.Lane).Route(lane) is { } ledger)
        {
            Network.Send(lane.Id, ledger.Id, () => send(ledger));
        }
    }

    /// <summary>The lanes that a state about this partition is told to: whoever wrote.</summary>
    public IEnumerable<LaneActor> LanesOf(LaneId lane, IEnumerable<LaneActor> writers)
    {
        bool IsMeant(LaneActor actor) => World.Defect is Defect.TopicIdIgnored
            ? actor.Lane.Partition == lane.Partition
            : actor.Lane == lane;
        return writers.Where(actor => actor.IsAlive && IsMeant(actor)).ToList();
    }

    /// <summary>A node reports a slot as rebuilding: the lanes that hear of it ask it.</summary>
    public void ReportBehind(SlotId slot)
    {
        foreach (var lane in LiveLanes.ToList())
        {
            World.After(World.Rng.Between(1, 30), () => lane.AskBehind(slot));
        }
    }

    /// <summary>Runs the whole history.</summary>
    /// <exception cref="ViolationException">The check found something that must never be.</exception>
    public void Run()
    {
        foreach (var ledger in ledgers)
        {
            ledger.StartIfNobody();
        }

        foreach (var slot in Slots)
        {
            slot.Start();
        }

        foreach (var host in LaneHosts)
        {
            host.Assign();
        }

        faults.Begin();
        while (World.Now < World.Plan.ActiveMilliseconds)
        {
            World.Step();
        }

        World.Log("faults stop");
        World.IsRough = false;
        var askedAt = World.Now;
        while (true)
        {
            World.Step();
            if (World.Now - askedAt < 100)
            {
                continue;
            }

            askedAt = World.Now;
            if (Rest.Missing(this) is not { } missing)
            {
                break;
            }

            if (World.Now > World.Plan.ActiveMilliseconds + RestMilliseconds)
            {
                throw new ViolationException($"does not come to rest: {missing}");
            }
        }

        Rest.Verify(this);
    }
}
