using System.Text.Json.Nodes;
using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Simulation.Fanout;

/// <summary>A client over its connections: what it holds goes from one to the next.</summary>
internal sealed class FanoutClient(
    FanoutWorld world, IReadOnlyDictionary<KeyName, int> slotOf, Func<KeyName, long, string?> viewAt)
{
    private readonly Dictionary<KeyName, FanoutView> views = [];
    private Connection? connection;

    /// <summary>The views, by key.</summary>
    public IReadOnlyDictionary<KeyName, FanoutView> Views => views;

    /// <summary>Connects to a node and subscribes to what it watches, with what it holds.</summary>
    public void Connect(FanoutNode node)
    {
        if (views.Count == 0)
        {
            foreach (var key in slotOf.Keys.Where(_ => world.Rng.PerMille(600)).DefaultIfEmpty(slotOf.Keys.First()))
            {
                views.Add(key, new FanoutView(key.Key, position => viewAt(key, position)));
            }
        }

        connection = new Connection(world, node);
        foreach (var (key, view) in views)
        {
            view.Connect();
            Subscribe(key, view, view.Epoch is not null && !world.Rng.PerMille(150));
        }
    }

    /// <summary>Loses the connection; the server notices later.</summary>
    public void Cut()
    {
        if (connection is not { } cut)
        {
            return;
        }

        world.Count(FanoutHappening.ClientCut);
        connection = null;
        cut.Close();
    }

    public bool IsAt(FanoutNode node) => connection?.Node == node;

    public bool IsConnected => connection is { IsOpen: true };

    /// <summary>Subscribes once more to a key, perhaps with other fields.</summary>
    public void SubscribeAgain()
    {
        var key = world.Rng.Pick([.. views.Keys]);
        if (connection is not null)
        {
            Subscribe(key, views[key], resumes: false);
        }
    }

    private void Subscribe(KeyName key, FanoutView view, bool resumes)
    {
        var open = connection!;
        string[]? fields = world.Rng.PerMille(200) ? ["a", "n"] : null;
        resumes &= fields is null && view.Fields is null;
        if (fields is not null)
        {
            world.Count(FanoutHappening.FieldsChosen);
        }

        var resume = resumes && view.Version > 0
            ? new ResumeFrom(
                view.Epoch!, view.Version,
                world.Defect == FanoutDefect.GateIgnored ? [] : [.. PositionsOf(key, view)])
            : null;
        if (resume is null && !open.Knows(key))
        {
            view.Forget();
        }

        open.Subscribe(
            key, fields is null ? null : new FieldSelection(fields), resume,
            (frame, written) => On(open, key, frame, written));
    }

    // As an event stream's id says them where it has no room for all: up to the newest that is held of the same log.
    private IReadOnlyDictionary<string, long> PositionsOf(KeyName key, FanoutView view)
    {
        if (!world.Rng.PerMille(300))
        {
            return view.Positions;
        }

        var newest = views.Where(each => slotOf[each.Key] == slotOf[key])
            .SelectMany(each => each.Value.Positions).Max(position => position.Value);
        if (view.Positions.Values.Any(position => position < newest))
        {
            world.Count(FanoutHappening.ResumedTooHigh);
        }

        return view.Positions.ToDictionary(position => position.Key, _ => newest);
    }

    private void On(Connection from, KeyName key, JsonObject frame, FieldSelection? fields)
    {
        if (from != connection)
        {
            return;
        }

        switch ((string)frame["op"]!)
        {
            case "resumed":
                world.Count(FanoutHappening.Resumed);
                break;
            case "delta":
                world.Count(FanoutHappening.DeltaSent);
                if ((long)frame["version"]! - (long)frame["base"]! > 1)
                {
                    world.Count(FanoutHappening.DeltaOfSeveralChanges);
                }

                break;
            case "snapshot":
                world.Count((string)frame["cause"]! switch
                {
                    "resync" => FanoutHappening.ResyncSent,
                    "recovery" => FanoutHappening.RecoverySent,
                    _ => FanoutHappening.SnapshotSent,
                });
                break;
            case "state" when (string)frame["state"]! == "rebuilding" && views[key].Version > 0:
                world.Count(FanoutHappening.GateClosed);
                break;
        }

        world.Note($"{key.Key} <- {frame.ToJsonString()}");
        if (views[key].On(frame, fields))
        {
            throw new ViolationException($"{key.Key}: a delta that does not continue {views[key].Version}: {frame}");
        }
    }

    /// <summary>One connection: an outbox at its node, and a socket that takes a while.</summary>
    private sealed class Connection
    {
        private readonly FanoutWorld world;
        private readonly FanoutNode node;
        private readonly Outbox outbox;
        private readonly Dictionary<KeyName, (IScreen Screen, KeyPlace Place)> places = [];
        private readonly Dictionary<string, Action<JsonObject, FieldSelection?>> receivers = [];
        private readonly FrameBatch batch = new();
        private readonly bool isSlow;
        private bool isWriting;
        private bool wanted;

        public Connection(FanoutWorld world, FanoutNode node)
        {
            this.world = world;
            this.node = node;
            isSlow = world.Rng.PerMille(250);
            outbox = new Outbox(new OutboxOptions(50, 500), () => world.Now, Wake);
        }

        public FanoutNode Node => node;

        public bool IsOpen { get; private set; } = true;

        public bool Knows(KeyName key) => places.ContainsKey(key);

        public void Subscribe(
            KeyName key, FieldSelection? fields, ResumeFrom? resume,
            Action<JsonObject, FieldSelection?> receive)
        {
            receivers[key.Key] = receive;
            if (places.TryGetValue(key, out var known))
            {
                // The answer to the former subscribe may be under way.
                outbox.Subscribe(known.Place, fields, 0, null);
                return;
            }

            var place = new KeyPlace(outbox, "f", key);
            IScreen screen = world.Defect == FanoutDefect.OldestKept
                ? new OldestScreen(world, place)
                : new Screen(place);
            places.Add(key, (screen, place));
            outbox.Subscribe(place, fields, 0, resume);
            node.Watch(key, screen);
        }

        public void Close()
        {
            IsOpen = false;
            world.After(world.Rng.Between(0, 5_000), () =>
            {
                foreach (var (key, place) in places)
                {
                    node.Unwatch(key, place.Screen);
                }
            });
        }

        private FieldSelection? FieldsOf(string key) =>
            places.Single(place => place.Key.Key == key).Value.Place.Fields;

        private void Wake(long later) => world.After(later > 0 ? world.Rng.Between(1, (int)later) : 0, Flush);

        private void Flush()
        {
            if (isWriting)
            {
                wanted = true;
                return;
            }

            batch.Clear();
            var again = outbox.Flush(world.Now, batch);
            if (again != long.MaxValue)
            {
                world.After(again - world.Now, Flush);
            }

            if (batch.Count == 0)
            {
                return;
            }

            isWriting = true;
            wanted = false;
            var frames = Enumerable.Range(0, batch.Count)
                .Select(index => JsonNode.Parse(batch[index].Span)!.AsObject())
                .Select(frame => (Frame: frame, FieldsOf((string)frame["key"]!)))
                .ToList();
            if (isSlow)
            {
                world.Count(FanoutHappening.SlowClient);
            }

            var takes = isSlow && world.Faulty ? world.Rng.Between(100, 3_000) : world.Rng.Between(0, 5);
            world.After(takes, () =>
            {
                isWriting = false;
                if (!IsOpen)
                {
                    return;
                }

                foreach (var (frame, fields) in frames)
                {
                    receivers[(string)frame["key"]!](frame, fields);
                }

                if (wanted)
                {
                    Flush();
                }
            });
        }
    }

    private interface IScreen : RelayMessages.IKeyScreen;

    private sealed class Screen(KeyPlace place) : IScreen
    {
        public void Show(Latest<KeyView> latest) => place.Show(latest);
    }

    /// <summary>The defect of a coalescer that keeps the oldest of what waits.</summary>
    private sealed class OldestScreen(FanoutWorld world, KeyPlace place) : IScreen
    {
        private long keptAt = -1_000;

        public void Show(Latest<KeyView> latest)
        {
            if (world.Now - keptAt > 50)
            {
                keptAt = world.Now;
                place.Show(new(latest.View));
            }
        }
    }
}
