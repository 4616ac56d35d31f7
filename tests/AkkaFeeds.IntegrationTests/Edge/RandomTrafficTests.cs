using System.Globalization;
using AkkaFeeds.IntegrationTests.Fixtures;
using Xunit.Abstractions;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>The protocol of section 6 as clients of the real server see it: random traffic, and a kill -9.</summary>
public sealed class RandomTrafficTests(ITestOutputHelper output)
{
    private const long Frames = 100_000;

    private static readonly string[] Expected =
    [
        "welcome", "snapshot", "resumed", "delta", "state", "rows", "mark", "progress", "pong", "unsubscribed",
        "error",
    ];

    [SkippableFact]
    public async Task No_frame_of_100_000_breaks_the_protocol_and_every_client_ends_with_the_truth()
    {
        await using var broker = await RealBroker.StartAsync();
        Skip.If(broker is null, RealBroker.SkipReason);
        var seed = Environment.GetEnvironmentVariable("AKKAFEEDS_TEST_SEED") is { Length: > 0 } named
            ? int.Parse(named, CultureInfo.InvariantCulture) : Random.Shared.Next(1, 1_000_000);
        output.WriteLine($"seed {seed} (AKKAFEEDS_TEST_SEED={seed} repeats what clients and records do)");
        await using var traffic = new RandomTraffic(broker!, seed);

        await traffic.RunAsync(Frames);

        var counts = traffic.All.SelectMany(client => client.Checker.Counts)
            .GroupBy(count => count.Key, count => count.Value).ToDictionary(op => op.Key, op => op.Sum());
        Tell(traffic, counts);
        var violations = traffic.All.SelectMany(client => client.Checker.Violations).ToList();
        Assert.True(violations.Count == 0, $"seed {seed}: " + string.Join('\n', violations.Take(20)));
        Assert.True(traffic.Difference is null, $"seed {seed}: not at rest: {traffic.Difference}");
        Assert.True(traffic.Frames >= Frames, $"seed {seed}: only {traffic.Frames} frames in {traffic.Took}");
        Assert.All(Expected, op => Assert.True(counts.GetValueOrDefault(op) > 0, $"seed {seed}: no {op} came"));
        Assert.True(traffic.Register.Compared > 0, "no two clients ever held the same version");
    }

    private void Tell(RandomTraffic traffic, Dictionary<string, long> counts)
    {
        output.WriteLine($"{traffic.Frames} frames, {Frames} in {traffic.Took.TotalSeconds:F1} s, "
            + $"{Frames / traffic.Took.TotalSeconds:F0} a second; {traffic.Produced} records; "
            + $"{traffic.All.Sum(client => client.Connections)} connections; "
            + $"{traffic.Register.Compared} times two clients held the same version");
        foreach (var (op, count) in counts.OrderByDescending(each => each.Value))
        {
            output.WriteLine($"  {op,-14}{count,8}");
        }

        foreach (var closes in traffic.All.SelectMany(client => client.Closes).GroupBy(close => close.Key))
        {
            output.WriteLine($"  closed {closes.Key,-7}{closes.Sum(close => close.Value),8}");
        }

        output.WriteLine(traffic.Difference is null
            ? "  all at rest, and equal to HTTP" : $"  NOT AT REST {traffic.Difference}");
        foreach (var rule in traffic.All.SelectMany(client => client.Checker.Violations).GroupBy(each => each.Rule))
        {
            output.WriteLine($"  VIOLATION {rule.Key}: {rule.Count()}");
            output.WriteLine($"    {rule.First()}");
        }
    }
}
