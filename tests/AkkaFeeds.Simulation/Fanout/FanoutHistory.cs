using System.Text.Json.Nodes;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Simulation.Fanout;

/// <summary>
/// One history of the way from slot to client: keys change, messages are lost, slots move and recover, nodes are
/// restarted, clients are slow and come back; then the faults end, and every client has to show what the log says.
/// </summary>
internal sealed class FanoutHistory
{
    private const int Slots = 2;
    private const int KeysPerSlot = 3;
    private const long FaultsEnd = 12_000;
    private const long End = 40_000;

    private readonly FanoutWorld world;
    private readonly Dictionary<KeyName, int> slotOf = [];
    private readonly FanoutLog[] logs = new FanoutLog[Slots];
    private readonly FanoutSlot[] slots = new FanoutSlot[Slots];
    private readonly List<FanoutNode> nodes = [];
    private readonly List<FanoutClient> clients = [];
    private readonly Dictionary<(FanoutSlot, FanoutNode, bool), FanoutLink> down = [];
    private readonly Dictionary<(FanoutNode, int), FanoutLink> up = [];
    private readonly FanoutAsks asks;
    private long incarnations = 10;

    public FanoutHistory(ulong seed, FanoutDefect defect, bool tracing)
    {
        world = new FanoutWorld(seed, defect, tracing);
        for (var slot = 0; slot < Slots; slot++)
        {
            var own = Enumerable.Range(0, KeysPerSlot).Select(key => new KeyName("", $"k{slot}{key}")).ToList();
            own.ForEach(key => slotOf.Add(key, slot));
            logs[slot] = new FanoutLog(own, world.Rng);
            slots[slot] = new FanoutSlot(world, IdOf(slot), logs[slot], ++incarnations, null, 0, Send);
        }

        asks = new FanoutAsks(world, slots);
        nodes.AddRange([MakeNode(), MakeNode()]);
        var queries = FanoutQueries.Make(world.Rng);
        var truth = new FanoutTruth(logs, slotOf);
        for (var client = 0; client < 4; client++)
        {
            clients.Add(new FanoutClient(
                world, slotOf, (key, at) => logs[slotOf[key]].ViewAt(key, at), queries, truth));
        }
    }

    public FanoutWorld World => world;

    public void Run()
    {
        foreach (var client in clients)
        {
            world.After(world.Rng.Between(0, 500), () => client.Connect(world.Rng.Pick(nodes)));
        }

        for (var slot = 0; slot < Slots; slot++)
        {
            var index = slot;
            world.Every(world.Rng.Between(10, 80), () => Change(index));
            world.Every(10, () => slots[index].Publish());
            world.Every(250, () => slots[index].Tick(second: world.Now % 1_000 < 250));
        }

        world.Every(250, () => nodes.ForEach(node => node.Tick()));
        world.Every(100, Disturb);
        world.RunUntil(FaultsEnd);
        world.Faulty = false;
        world.Note("the faults end");
        for (var slot = 0; slot < Slots; slot++)
        {
            MoveInQuiet(slot);
        }

        world.RunUntil(End);
        CheckAtRest();
    }

    private static SlotId IdOf(int slot) => new("f", 1, slot);

    private FanoutNode MakeNode() =>
        new(world, world.NextName("n"), key => IdOf(slotOf[key]), (node, message) => Send(node, message), Collect);

    private FanoutCollection Collect(RowsQuery query, FanoutNode node) => new(
        world, query, [.. Enumerable.Range(0, Slots).Select(IdOf)], key => IdOf(slotOf[key]),
        (collection, message) => asks.Send(node, collection, message));

    private void Change(int slot)
    {
        if (world.Now < FaultsEnd)
        {
            logs[slot].Append();
        }

        if (!world.Faulty || !world.Rng.PerMille(300))
        {
            slots[slot].Fold(world.Rng.Between(1, 6));
        }
    }

    private void Disturb()
    {
        if (!world.Faulty)
        {
            foreach (var client in clients.Where(client => !client.IsConnected))
            {
                client.Connect(world.Rng.Pick(nodes));
            }

            return;
        }

        if (world.Rng.PerMille(20))
        {
            Move(world.Rng.Below(Slots));
        }

        if (world.Rng.PerMille(5))
        {
            Restart(world.Rng.Below(nodes.Count));
        }

        if (world.Rng.PerMille(20))
        {
            slots[world.Rng.Below(Slots)].Forget();
        }

        foreach (var client in clients)
        {
            Disturb(client);
        }
    }

    private void Disturb(FanoutClient client)
    {
        if (!client.IsConnected)
        {
            if (client.Views.Count > 0 && world.Rng.PerMille(100))
            {
                world.Count(FanoutHappening.ResumedElsewhere);
                client.Connect(world.Rng.Pick(nodes));
            }
        }
        else if (world.Rng.PerMille(25))
        {
            client.Cut();
        }
        else if (world.Rng.PerMille(20))
        {
            client.SubscribeAgain();
        }
        else if (world.Rng.PerMille(20))
        {
            client.ChangeQuery();
        }
    }

    // Nothing else will ever tell who watches that the slot has gone back.
    private void MoveInQuiet(int slot)
    {
        if (world.Rng.PerMille(300))
        {
            world.Count(FanoutHappening.SlotMovedInQuiet);
            world.After(world.Rng.Between(0, 6_000), () => Move(slot));
        }
    }

    // The slot's next incarnation begins with what was durable; the former one may not have noticed.
    private void Move(int index)
    {
        var former = slots[index];
        var from = Math.Max(0, former.Applied - (world.Rng.PerMille(200) ? 0 : world.Rng.Between(0, 80)));
        world.Count(FanoutHappening.SlotMoved);
        if (from < former.Applied)
        {
            world.Count(FanoutHappening.SlotWentBack);
        }

        world.Note($"slot {index} moves, from {former.Applied} back to {from}");
        slots[index] = new FanoutSlot(world, IdOf(index), logs[index], ++incarnations, former, from, Send);
        Pause(former, index);
        var until = world.Now + world.Rng.Between(0, 3_000);
        Zombie(former, until);
    }

    // What the former process has sent may come behind what the next one sends.
    private void Pause(FanoutSlot former, int index)
    {
        var pause = 0;
        if (world.Rng.PerMille(500))
        {
            world.Count(FanoutHappening.FormerPaused);
            pause = world.Rng.Between(500, 4_000);
        }

        asks.Moved(former, index, pause);
        foreach (var (way, link) in down)
        {
            if (way.Item1 == former)
            {
                link.Hold(pause);
            }
        }
    }

    private void Zombie(FanoutSlot former, long until)
    {
        if (world.Now >= until)
        {
            return;
        }

        world.After(100, () =>
        {
            world.Count(FanoutHappening.ZombieSpoke);
            former.Fold(2);
            former.Publish();
            former.Tick(second: world.Rng.PerMille(100));
            Zombie(former, until);
        });
    }

    private void Restart(int index)
    {
        world.Count(FanoutHappening.NodeRestarted);
        var former = nodes[index];
        former.Stop();
        nodes[index] = MakeNode();
        foreach (var client in clients.Where(client => client.IsAt(former)))
        {
            client.Cut();
        }
    }

    private void Send(FanoutSlot from, FanoutNode to, object message)
    {
        // What entities say and what the slot says come from two senders: neither order says anything of the other.
        var isReport = message is WatchMessages.SlotReport;
        var key = (from, to, isReport);
        if (!down.TryGetValue(key, out var link))
        {
            down.Add(key, link = new FanoutLink(world));
        }

        if (!link.Send(() => to.On(message), lossPerMille: 30))
        {
            world.Count(message is WatchMessages.KeyBegins
                ? FanoutHappening.BeginLost
                : FanoutHappening.LastChangeLost);
        }
    }

    private void Send(FanoutNode from, ISlotMessage message)
    {
        var slot = message.Slot.Index;
        if (!up.TryGetValue((from, slot), out var link))
        {
            up.Add((from, slot), link = new FanoutLink(world));
        }

        if (!link.Send(() => slots[slot].On((WatchMessages.IFromNode)message, from), lossPerMille: 50)
            && message is WatchMessages.Watch)
        {
            world.Count(FanoutHappening.WatchLost);
        }
    }

    private void CheckAtRest()
    {
        foreach (var client in clients)
        {
            foreach (var (key, view) in client.Views)
            {
                var log = logs[slotOf[key]];
                var expected = log.ViewAt(key, log.LastOf(key));
                Check(key, view, expected);
            }

            foreach (var rows in client.Collections)
            {
                rows.CheckAtRest();
            }
        }
    }

    private static void Check(KeyName key, FanoutView view, string? expected)
    {
        var state = expected is null ? "blank" : "live";
        if (view.State != state)
        {
            throw new ViolationException($"{key.Key} is {view.State} at rest, not {state}");
        }

        var wanted = expected is null ? null : view.Project(JsonNode.Parse(expected)!.AsObject());
        if (!JsonNode.DeepEquals(JsonNode.Parse(view.Text), wanted))
        {
            throw new ViolationException($"{key.Key} shows {view.Text} at rest, the log says {wanted}");
        }
    }
}
