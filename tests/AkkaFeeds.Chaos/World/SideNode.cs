using System.Globalization;
using System.Text;
using System.Text.Json;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Chaos.World;

/// <summary>
/// A node, a store and a topic that belong to one fault alone: what a cut or re-made log does must not touch the main
/// feed, whose whole log the oracle compares.
/// </summary>
internal sealed class SideNode : IAsyncDisposable
{
    public const string Feed = "side";

    /// <summary>Key A is in partition 0, key B in partition 1.</summary>
    public static readonly string[] Keys = ["A", "B"];

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);
    private static int made;

    private readonly ChaosWorld world;
    private readonly ChaosNode node;

    private SideNode(ChaosWorld world, string topic)
    {
        this.world = world;
        Topic = topic;
        node = new ChaosNode("side 5", world.SideSite(topic, $$"""
              {{Feed}}:
                from: { topic: {{topic}}, format: json }
                key: k
                slots: 2
                view:
                  n: count()
                  total: sum(v)
            """), world.Files.Folder.Of($"{topic}.log"), cluster: null)
        {
            IsSupervised = false,
        };
    }

    public string Topic { get; }

    /// <summary>Makes the topic and a node that has not been started.</summary>
    public static async Task<SideNode> CreateAsync(ChaosWorld world)
    {
        var topic = string.Create(CultureInfo.InvariantCulture, $"chaos-side-{Interlocked.Increment(ref made)}");
        await world.Topics.CreateAsync(topic, Keys.Length);
        return new SideNode(world, topic);
    }

    public Task StartAsync() => ChaosWorld.StartReadyAsync(node);

    public Task KillAsync() => node.KillAsync();

    public void DeleteStore() => node.Site.DeleteStore();

    /// <summary>Puts records with values of their own into the partition of a key.</summary>
    public Task ProduceAsync(int key, int count, long value) => world.Topics.ProduceAsync(
        Topic, key, Enumerable.Repeat<(byte[]?, byte[]?)>(
            (null, Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $$"""{"k":"{{Keys[key]}}","v":{{value}}}"""))), count));

    /// <summary>
    /// Waits until a key is live, or in one of some states, and counts so many records with such a sum.
    /// </summary>
    public Task UntilAsync(int key, long count, long total, params string[] states) => WaitAsync(
        key, $"{Keys[key]} with {count} records and {total}", Limit, state =>
            (states.Length == 0 ? state.State == "live" : states.Contains(state.State))
            && state.Snapshot.GetProperty("data") is { ValueKind: JsonValueKind.Object } data
            && data.GetProperty("n").GetInt64() == count && data.GetProperty("total").GetInt64() == total);

    /// <summary>Asks which records are lost (partition, from, to), and when sure goes on without them.</summary>
    public async Task<IReadOnlyList<(int Partition, long From, long To)>> ResumeAsync(bool isSure)
    {
        using var answer = await node.Server.Client.PostAdminAsync(
            $"admin/v1/feeds/{Feed}/resume?yes={(isSure ? "true" : "false")}");
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"resume: {answer.StatusCode}: {text}");
        }

        using var lost = JsonDocument.Parse(text);
        return [.. lost.RootElement.GetProperty("lost").EnumerateArray().Select(each => (
            each.GetProperty("partition").GetInt32(), each.GetProperty("from").GetInt64(),
            each.GetProperty("to").GetInt64()))];
    }

    /// <summary>Waits until a key is stale for a reason.</summary>
    public Task UntilReasonAsync(int key, string reason, TimeSpan limit) => WaitAsync(
        key, $"{Keys[key]} stale, {reason}", limit, state => (state.State, state.Reason) == ("stale", reason));

    /// <summary>Waits until everything read is committed, so that nothing is read again at the next start.</summary>
    public async Task UntilDurableAsync() => await node.Server.MetricsAsync(
        metrics => metrics.Count("akkafeeds_lag_records") == Keys.Length && metrics.Sum("akkafeeds_lag_records") == 0
            && metrics.Sum("akkafeeds_commit_lag_records") == 0
            && metrics.Sum("akkafeeds_checkpoint_age_seconds") < 1, "all is durable", Limit);

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        await world.Topics.DeleteAsync(Topic);
    }

    private async Task WaitAsync(
        int key, string what, TimeSpan limit,
        Predicate<(string State, string Reason, JsonElement Snapshot)> condition)
    {
        var last = "no answer";
        await Waiting.ForAsync(
            async () =>
            {
                if (await node.StateAsync(Feed, Keys[key]) is not { } state)
                {
                    return null;
                }

                last = state.Snapshot.GetRawText();
                return condition(state) ? node : null;
            },
            what, limit, TimeSpan.FromMilliseconds(100),
            () => $"{last}\n{(node.IsRunning ? node.Server.Process.Tail : "")}");
    }
}
