using System.Text.Json;
using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Conformance;

/// <summary>Folds the frames of one client into what it shows, and fails where a frame breaks the rules.</summary>
internal sealed class FrameFold
{
    private readonly Dictionary<string, Held> keys = [];
    private (string Epoch, long Version, Dictionary<string, HeldView> Rows, List<string> Order)? rows;
    private Dictionary<string, string> states = [];

    /// <summary>How many subscribes were answered by <c>resumed</c>.</summary>
    public int Resumed { get; private set; }

    /// <summary>How many <c>progress</c> frames came.</summary>
    public int Progresses { get; private set; }

    /// <summary>The members of <c>resume</c> for a key; null where nothing is held.</summary>
    public string? ResumeOf(string key) => keys.TryGetValue(key, out var held)
        ? $$"""{"epoch":"{{held.Epoch}}","version":{{held.Version}},"pos":{{held.PositionsText}}}"""
        : null;

    /// <summary>Takes a frame; gives the key that it changed, with what is shown of it.</summary>
    public (string Key, Shown Shown)? Take(JsonElement frame)
    {
        var op = frame.GetProperty("op").GetString()!;
        Assert.True(op is not ("error" or "bye"), frame.GetRawText());
        Progresses += op == "progress" ? 1 : 0;
        if (op is not ("snapshot" or "delta" or "state" or "resumed"))
        {
            return null;
        }

        var key = frame.GetProperty("key").GetString()!;
        if (!keys.TryGetValue(key, out var held))
        {
            // A state before the first view says something of nothing.
            if (op == "state")
            {
                return null;
            }

            keys.Add(key, held = new Held());
        }

        switch (op)
        {
            case "snapshot":
                held.Snapshot(frame);
                break;
            case "delta":
                held.Delta(frame);
                break;
            case "resumed":
                Resumed++;
                Assert.Equal((held.Epoch, held.Version), EpochAndVersion(frame));
                break;
        }

        if (op is "snapshot" or "state")
        {
            held.State = frame.GetProperty("state").GetString()!;
            held.Reason = frame.TryGetProperty("reason", out var reason) ? reason.GetString() : null;
        }

        return (key, held.Shown);
    }

    /// <summary>Takes a frame of a collection.</summary>
    public ShownRows TakeRows(JsonElement frame)
    {
        var (epoch, version) = EpochAndVersion(frame);
        if (frame.TryGetProperty("base", out var from))
        {
            Assert.Equal((epoch, from.GetInt64()), (rows!.Value.Epoch, rows.Value.Version));
        }
        else
        {
            Assert.True(frame.TryGetProperty("order", out _), frame.GetRawText());
            rows = (epoch, version, [], []);
            states = [];
        }

        var order = frame.TryGetProperty("order", out var named)
            ? [.. named.EnumerateArray().Select(key => key.GetString()!)]
            : rows.Value.Order;
        var held = rows.Value.Rows;
        foreach (var row in frame.GetProperty("rows").EnumerateObject())
        {
            if (row.Value.ValueKind == JsonValueKind.Null)
            {
                held.Remove(row.Name);
            }
            else if (held.TryGetValue(row.Name, out var known))
            {
                known.Apply(row.Value);
            }
            else
            {
                held.Add(row.Name, HeldView.Of(row.Value));
            }
        }

        rows = (epoch, version, held, order);
        states = frame.TryGetProperty("states", out _) ? PollViewer.StatesOf(frame) : states;
        return new ShownRows(
            epoch, version, order, held.ToDictionary(row => row.Key, row => row.Value.Text), states);
    }

    private static (string Epoch, long Version) EpochAndVersion(JsonElement frame) =>
        (frame.GetProperty("epoch").GetString()!, frame.GetProperty("version").GetInt64());

    private sealed class Held
    {
        private HeldView? view;

        public string Epoch { get; private set; } = "";

        public long Version { get; private set; }

        public SortedDictionary<string, long> Positions { get; private set; } = [];

        public string State { get; set; } = "";

        public string? Reason { get; set; }

        public string PositionsText => JsonSerializer.Serialize(Positions);

        public Shown Shown => new(Epoch, Version, State, Reason, view?.Text ?? "null");

        public void Snapshot(JsonElement frame)
        {
            (Epoch, Version) = EpochAndVersion(frame);
            var data = frame.GetProperty("data");
            view = data.ValueKind == JsonValueKind.Null ? null : HeldView.Of(data);
            Positions = [];
            Reach(frame);
        }

        public void Delta(JsonElement frame)
        {
            var (epoch, version) = EpochAndVersion(frame);
            var from = frame.GetProperty("base").GetInt64();
            Assert.True(epoch == Epoch && from <= Version && Version < version, $"{Epoch} {Version}: {frame}");
            view!.Apply(frame.GetProperty("data"));
            Version = version;
            Reach(frame);
        }

        // What moved back within a partition would be the past.
        private void Reach(JsonElement frame)
        {
            foreach (var position in frame.GetProperty("pos").EnumerateObject())
            {
                var offset = position.Value.GetInt64();
                Assert.True(offset >= Positions.GetValueOrDefault(position.Name, -1), $"back: {frame}");
                Positions[position.Name] = offset;
            }
        }
    }
}
