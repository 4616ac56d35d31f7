using System.Text.Json.Nodes;
using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Simulation.Fanout;

/// <summary>One connection: an outbox at its node, and a socket that takes a while.</summary>
internal sealed class FanoutConnection
{
    private readonly FanoutWorld world;
    private readonly FanoutNode node;
    private readonly Outbox outbox;
    private readonly Dictionary<KeyName, (IScreen Screen, KeyPlace Place)> places = [];
    private readonly Dictionary<string, Action<JsonObject, FieldSelection?>> receivers = [];
    private readonly Dictionary<string, RowsPlace> collections = [];
    private readonly Dictionary<string, Action<JsonObject, RowsQuery>> readers = [];
    private readonly FrameBatch batch = new();
    private readonly bool isSlow;
    private bool isWriting;
    private bool wanted;

    public FanoutConnection(FanoutWorld world, FanoutNode node)
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

    /// <summary>Subscribes to a collection as the client's actor does: a second time in place of the first.</summary>
    public void Subscribe(string id, RowsQuery query, long pause, Action<JsonObject, RowsQuery> receive)
    {
        readers[id] = receive;
        if (!collections.TryGetValue(id, out var known))
        {
            collections[id] = new RowsPlace(outbox, "f", id, query) { PauseMilliseconds = pause };
        }
        else if (world.Defect == FanoutDefect.QueryKept)
        {
            collections[id] = known.Replace(known.Query, pause);
        }
        else
        {
            collections[id] = known.Replace(query, pause);
        }

        if (known is not null)
        {
            outbox.Remove(known);
            node.Unwatch(known.Query, known);
        }

        node.Watch(collections[id].Query, collections[id]);
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

            foreach (var place in collections.Values)
            {
                node.Unwatch(place.Query, place);
            }
        });
    }

    private FieldSelection? FieldsOf(string key) =>
        places.Single(place => place.Key.Key == key).Value.Place.Fields;

    // What was wanted when the frame was written belongs to it: the client may want something else when it arrives.
    private Action Reading(JsonObject frame)
    {
        if ((string?)frame["id"] is { } id)
        {
            var query = collections[id].Query;
            return () => readers[id](frame, query);
        }

        var key = (string)frame["key"]!;
        var fields = FieldsOf(key);
        return () => receivers[key](frame, fields);
    }

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
            .Select(index => Reading(JsonNode.Parse(batch[index].Span)!.AsObject()))
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

            frames.ForEach(read => read());
            if (wanted)
            {
                Flush();
            }
        });
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
