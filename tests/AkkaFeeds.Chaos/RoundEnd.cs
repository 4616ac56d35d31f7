using System.Globalization;
using AkkaFeeds.Chaos.World;
using AkkaFeeds.Harness;
using AkkaFeeds.LogOracle;
using AkkaFeeds.LogOracle.Checks;

namespace AkkaFeeds.Chaos;

/// <summary>What is noted of a round when its traffic has ended.</summary>
internal static class RoundEnd
{
    // Rules of the clients' own checker that hold under any fault; those about time are left to quiet machines.
    private static readonly HashSet<string> Safety =
    [
        "version-back", "pos-back", "epoch-back", "differs", "delta-base", "null-in-view", "blank", "shape",
        "first-frame", "uninvited", "reset", "resumed", "welcome", "connection", "fields", "close",
    ];

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    /// <summary>Notes what every node answers, every client holds, and every node cannot account for.</summary>
    public static async Task AtRestAsync(ChaosWorld world, RunFolder folder)
    {
        await AnswersAsync(world, folder, AnswerLine.Live);
        File.AppendAllLines(
            folder.Answers, world.Clients.SelectMany(client => client.Answers()).Select(line => line.ToString()));
        foreach (var node in world.Edges)
        {
            // The account is closed when nothing is on its way: lag 0 and a moment for the last answers.
            Metrics? last = null;
            try
            {
                await Waiting.ForAsync(
                    async () => (last = await node.Server.Client.MetricsAsync()) is { } metrics && IsQuiet(metrics)
                        ? metrics : null,
                    "nothing unaccounted", TimeSpan.FromSeconds(15), TimeSpan.FromMilliseconds(200));
            }
            catch (TimeoutException)
            {
                // The oracle is told.
            }

            var unaccounted = last?.Sum("akkafeeds_unaccounted_records") ?? -1;
            var lag = last?.Sum("akkafeeds_lag_records") ?? -1;
            File.AppendAllText(folder.Unaccounted, string.Create(
                CultureInfo.InvariantCulture, $"{node.Name}\t{unaccounted}\t{lag}\n"));
        }
    }

    /// <summary>Ends all nodes, some in order and some not, starts them all, and notes what they answer.</summary>
    public static async Task ColdAsync(ChaosWorld world, RunFolder folder, Random random)
    {
        foreach (var node in world.Edges)
        {
            node.IsSupervised = false;
        }

        await Task.WhenAll(world.Edges.Select(node => random.Next(2) == 0 ? node.KillAsync() : node.StopAsync()));
        foreach (var node in world.Edges)
        {
            node.Start();
        }

        foreach (var node in world.Edges)
        {
            await node.ReadyAsync();
        }

        var took = await world.UntilRightAsync(Limit);
        world.Say($"cold start: live after {took.TotalSeconds:F1} s behind ready");
        await AnswersAsync(world, folder, AnswerLine.Cold);
    }

    /// <summary>What the clients' own checkers say of the protocol.</summary>
    public static CheckResult Protocol(ChaosWorld world)
    {
        var violations = world.Clients.SelectMany(client => client.Checker.Violations)
            .Where(violation => Safety.Contains(violation.Rule)).ToList();
        return new(
            "the protocol at every client", world.Clients.Sum(client => client.Checker.Counts.Values.Sum()),
            violations.Count,
            [.. violations.Take(10).Select(
                each => new Finding($"{each.Rule}: {each.Client}: {each.Message}", each.History))],
            $"{world.Clients.Sum(client => client.Resumed)} subscriptions resumed");
    }

    private static bool IsQuiet(Metrics metrics) =>
        metrics.Sum("akkafeeds_unaccounted_records") == 0 && metrics.Sum("akkafeeds_lag_records") == 0;

    private static async Task AnswersAsync(ChaosWorld world, RunFolder folder, string phase)
    {
        foreach (var node in world.Edges)
        {
            var answers = await node.AnswersAsync(phase) ?? [];
            File.AppendAllLines(folder.Answers, answers.Select(answer => answer.ToString()));
        }
    }
}
