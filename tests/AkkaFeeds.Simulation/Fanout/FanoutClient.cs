using System.Text.Json.Nodes;
using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Simulation.Fanout;

/// <summary>A client over its connections: what it holds goes from one to the next.</summary>
internal sealed class FanoutClient(
    FanoutWorld world, IReadOnlyDictionary<KeyName, int> slotOf, Func<KeyName, long, string?> viewAt,
    IReadOnlyList<RowsQuery> queries, FanoutTruth truth)
{
    private static readonly string[] Ids = ["t1", "t2"];

    private readonly Dictionary<string, FanoutRows> collections = [];
    private readonly Dictionary<KeyName, FanoutView> views = [];
    private FanoutConnection? connection;

    /// <summary>The views, by key.</summary>
    public IReadOnlyDictionary<KeyName, FanoutView> Views => views;

    /// <summary>The collections.</summary>
    public IEnumerable<FanoutRows> Collections => collections.Values;

    /// <summary>Connects to a node and subscribes to what it watches, with what it holds.</summary>
    public void Connect(FanoutNode node)
    {
        if (views.Count == 0)
        {
            foreach (var key in slotOf.Keys.Where(_ => world.Rng.PerMille(600)).DefaultIfEmpty(slotOf.Keys.First()))
            {
                views.Add(key, new FanoutView(key.Key, position => viewAt(key, position)));
            }

            foreach (var id in Ids.Where(_ => world.Rng.PerMille(600)))
            {
                collections.Add(id, new FanoutRows(world, id, world.Rng.Pick(queries), truth));
            }
        }

        connection = new FanoutConnection(world, node);
        foreach (var (key, view) in views)
        {
            view.Connect();
            Subscribe(key, view, view.Epoch is not null && !world.Rng.PerMille(150));
        }

        foreach (var (id, rows) in collections)
        {
            rows.Connect();
            Subscribe(id, rows, rows.Query);
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

    /// <summary>Asks for something else under the id of a collection, or for the same once more.</summary>
    public void ChangeQuery()
    {
        if (connection is not null && collections.Count > 0)
        {
            world.Count(FanoutHappening.RowsQueryChanged);
            var id = world.Rng.Pick([.. collections.Keys]);
            Subscribe(id, collections[id], world.Rng.Pick(queries));
        }
    }

    private void Subscribe(string id, FanoutRows rows, RowsQuery query)
    {
        var open = connection!;
        rows.Subscribe(query);
        open.Subscribe(id, query, world.Rng.PerMille(200) ? 700 : 0, (frame, written) =>
        {
            if (open == connection)
            {
                world.Note($"{id} <- {frame.ToJsonString()}");
                rows.On(frame, written);
            }
        });
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

    private void On(FanoutConnection from, KeyName key, JsonObject frame, FieldSelection? fields)
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
}
