using System.Text;
using System.Text.Json.Nodes;
using AkkaFeeds.Contracts;
using AkkaFeeds.Entities;
using AkkaFeeds.Slots.Watching;

namespace AkkaFeeds.Simulation.Fanout;

/// <summary>
/// One incarnation of a slot: folds its log, and drives the registry and the entities as the slot's actor does.
/// </summary>
internal sealed class FanoutSlot
{
    private readonly FanoutWorld world;
    private readonly SlotId id;
    private readonly FanoutLog log;
    private readonly long incarnation;
    private readonly Action<FanoutSlot, FanoutNode, object> send;
    private readonly WatchRegistry<FanoutNode> registry = new();
    private readonly Dictionary<KeyName, EntityView> entities = [];
    private readonly Dictionary<KeyName, (long Version, int Offset)> states;
    private readonly Dictionary<KeyName, string> shown = [];
    private readonly HashSet<KeyName> news = [];
    private readonly FanoutTop top;
    private readonly int began;
    private readonly int gate;
    private WatchMessages.KeyBegins? oldBegin;
    private bool reportedLive;

    public FanoutSlot(
        FanoutWorld world, SlotId id, FanoutLog log, long incarnation, FanoutSlot? former, int from,
        Action<FanoutSlot, FanoutNode, object> send)
    {
        this.world = world;
        this.id = id;
        this.log = log;
        this.incarnation = incarnation;
        this.send = send;
        gate = log.End;
        Applied = from;
        began = from;
        top = new FanoutTop(world, id, incarnation, Epoch, log);
        states = [];
        for (var offset = 0; offset < from; offset++)
        {
            Keep(log[offset].Key, offset);
        }

        Read = former is null ? 0 : -1;
    }

    public string Epoch => $"topics.1.{incarnation}";

    /// <summary>How many records are folded.</summary>
    public int Applied { get; private set; }

    /// <summary>R, exclusive; -1 until a lane has spoken to this incarnation.</summary>
    public int Read { get; private set; }

    public bool IsRebuilding => Read < gate;

    /// <summary>Folds what the log has, up to so many records.</summary>
    public void Fold(int limit)
    {
        Read = Math.Max(Read, Applied);
        for (; limit > 0 && Applied < log.End; limit--)
        {
            var key = log[Applied].Key;
            Keep(key, Applied);
            Applied++;
            Read = Applied;
            world.Count(FanoutHappening.ChangeFolded);
            if (registry.WatchersOf(key).Count > 0)
            {
                if (!news.Add(key))
                {
                    world.Count(FanoutHappening.ChangesConflated);
                }
            }
        }
    }

    /// <summary>Tells the entities what changed.</summary>
    public void Publish()
    {
        foreach (var key in news)
        {
            var watchers = registry.WatchersOf(key);
            if (entities.TryGetValue(key, out var entity))
            {
                entity.Apply(Partly(key));
                foreach (var node in watchers)
                {
                    world.Count(FanoutHappening.ChangePublished);
                    send(this, node.Target, Told(entity, node));
                }
            }
            else
            {
                world.Count(FanoutHappening.BlankMade);
                entities.Add(key, entity = new EntityView(id, incarnation, Epoch, key));
                shown[key] = log[states[key].Offset].View;
                entity.Apply(Changed(key));
                foreach (var node in watchers)
                {
                    send(this, node.Target, Told(entity, node));
                }
            }
        }

        news.Clear();
    }

    public void On(WatchMessages.IFromNode message, FanoutNode sender)
    {
        switch (message)
        {
            case WatchMessages.Watch watch:
                Publish();
                var isStandingAsked = watch.All || !registry.Knows(watch.Node);
                var node = registry.Watch(watch.Node, sender, watch.Keys, watch.All, world.Time);
                foreach (var key in watch.Keys)
                {
                    send(this, sender, Begins(key));
                }

                Sweep();
                if (isStandingAsked)
                {
                    send(this, sender, Report(node));
                }

                break;
            case WatchMessages.Unwatch unwatch:
                registry.Unwatch(unwatch.Node, unwatch.Keys);
                Sweep();
                break;
            case WatchMessages.Renew renew:
                registry.Renew(renew.Node, world.Time);
                break;
        }
    }

    /// <summary>What it answers who asks for its rows.</summary>
    public IFeedMessage Answer(SlotQueries.GetRows message) => top.Answer(
        message, states.Select(key => (key.Key, key.Value.Offset)), Applied - began,
        IsRebuilding
            ? new FreshnessStatus(FreshnessState.Rebuilding, "recovering", 5, 0.5)
            : FreshnessStatus.Live);

    /// <summary>The slot's tick: a report each second, and more often while it is rebuilding.</summary>
    public void Tick(bool second)
    {
        var before = registry.Nodes.Count;
        registry.Expire(world.Time);
        if (registry.Nodes.Count < before)
        {
            world.Count(FanoutHappening.LeaseExpired);
        }

        Sweep();
        if (second || IsRebuilding || !reportedLive)
        {
            reportedLive = !IsRebuilding;
            foreach (var node in registry.Nodes)
            {
                send(this, node.Target, Report(node));
            }
        }
    }

    /// <summary>Takes a lease away, as if its renewals had been lost for long.</summary>
    public void Forget()
    {
        if (world.Defect == FanoutDefect.LeaseForgotten)
        {
            foreach (var node in registry.Nodes)
            {
                registry.Unwatch(node.Name, [.. node.Keys]);
            }
        }
    }

    // Every other change has travelled: its view is to be made again from the fields.
    private static WatchMessages.KeyChanged Told(EntityView entity, NodeWatch<FanoutNode> node)
    {
        var told = entity.Changed(node.Next());
        return told.Number % 2 == 0 ? told : told with { View = null };
    }

    private WatchMessages.SlotReport Report(NodeWatch<FanoutNode> node) => new(
        id, incarnation, Epoch, node.Sent, world.Defect == FanoutDefect.LeaseForgotten ? -1 : node.Keys.Count,
        IsRebuilding, 0.5, 5, [new FeedingPartition("t", 0)],
        [KeyValuePair.Create("0", (long)Read)]);

    private WatchMessages.KeyBegins Begins(KeyName key)
    {
        if (!states.TryGetValue(key, out var state))
        {
            return new WatchMessages.KeyBegins(id, incarnation, Epoch, key, 0, default, 0, [], 0);
        }

        if (!entities.TryGetValue(key, out var entity))
        {
            entities.Add(key, entity = new EntityView(id, incarnation, Epoch, key));
            entity.Apply(Changed(key));
            shown[key] = log[state.Offset].View;
        }

        var begins = entity.Begins();
        if (world.Defect == FanoutDefect.BeginIsOld && oldBegin?.Key == key)
        {
            (begins, oldBegin) = (begins with { Data = oldBegin.Data }, begins);
        }

        oldBegin = begins;
        return begins;
    }

    private EntityMessages.Changed Changed(KeyName key)
    {
        var (version, offset) = states[key];
        return new EntityMessages.Changed(
            version, true, Encoding.UTF8.GetBytes(log[offset].View), [], offset + 1,
            [KeyValuePair.Create("0", (long)offset)], 0, []);
    }

    // What a slot tells of a change: the fields that differ from what was told last, each whole.
    private EntityMessages.Changed Partly(KeyName key)
    {
        var whole = Changed(key);
        var now = JsonNode.Parse(whole.Fields.Span)!.AsObject();
        var before = JsonNode.Parse(shown[key])!.AsObject();
        shown[key] = now.ToJsonString();
        var removed = before.Select(field => field.Key).Where(name => !now.ContainsKey(name)).ToList();
        var changed = new JsonObject(now.Where(field => !JsonNode.DeepEquals(field.Value, before[field.Key]))
            .Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
        return whole with
        {
            Whole = false,
            Fields = Encoding.UTF8.GetBytes(changed.ToJsonString()),
            Removed = removed,
        };
    }

    private void Keep(KeyName key, int offset) =>
        states[key] = (states.TryGetValue(key, out var known) ? known.Version + 1 : 1, offset);

    private void Sweep()
    {
        foreach (var key in entities.Keys.Where(key => registry.WatchersOf(key).Count == 0).ToList())
        {
            entities.Remove(key);
        }

        news.RemoveWhere(key => registry.WatchersOf(key).Count == 0);
    }
}
