using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AkkaFeeds.Chaos.Faults;
using AkkaFeeds.Chaos.Reporting;
using AkkaFeeds.Chaos.Traffic;
using AkkaFeeds.Chaos.World;
using AkkaFeeds.Harness;
using AkkaFeeds.LogOracle;
using AkkaFeeds.LogOracle.Checks;

namespace AkkaFeeds.Chaos;

/// <summary>
/// One round: everything is started, broken again and again, brought to rest, restarted cold, and judged.
/// </summary>
internal sealed class ChaosRound(ChaosOptions options, int seed, int faults, string commit)
{
    private const long StaleAfterMs = 6_000;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(120);

    /// <summary>Goes through the round; its files stay in a folder that is named after the seed.</summary>
    public async Task<RoundRecord> RunAsync()
    {
        var path = Path.Combine(options.Folder, string.Create(CultureInfo.InvariantCulture, $"seed-{seed}"));
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        var folder = new RunFolder(path);
        var watch = Stopwatch.StartNew();
        await using var world = await ChaosWorld.StartAsync(folder, seed, options.PerSecond);
        new RunFacts(seed, commit, world.Broker.BootstrapServers, world.Topic, ChaosFeed.Partitions, StaleAfterMs)
            .Write(folder);
        await using var cpu = new CpuWatch();
        var random = new Random(seed);
        var nemesis = new Nemesis(world, cpu, random, seed);
        await nemesis.RunAsync(FaultPlan.Draw(faults, random, options.Only));
        IReadOnlyList<CheckResult> checks = await EndAsync(world, folder, random);
        if (!nemesis.Records.Any(record => record.Id == "F-12" && record.Fired > 0))
        {
            // Only that fault shows it from outside.
            checks = [.. checks.Where(check => !check.Name.StartsWith("S3", StringComparison.Ordinal))];
        }

        return new(
            seed, commit, DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            watch.Elapsed.TotalSeconds, world.Sends.Count, world.Files.History.Count, nemesis.Settled, checks);
    }

    private static async Task<IReadOnlyList<CheckResult>> EndAsync(ChaosWorld world, RunFolder folder, Random random)
    {
        var atRest = new List<CheckResult>();
        try
        {
            await world.Transactions.StopAsync();
            await world.Plain.StopAsync();
            await world.UntilRightAsync(Rest);
            await RoundEnd.AtRestAsync(world, folder);
            await RoundEnd.ColdAsync(world, folder, random);
        }
        catch (Exception failed) when (failed is TimeoutException or InvalidOperationException)
        {
            world.Say($"no rest: {failed.Message}");
            atRest.Add(new("everything comes to rest", 1, 1, [new(failed.Message, [])]));
        }

        atRest.Add(RoundEnd.Protocol(world));
        await JournalAudit.WriteAsync(world.Postgres, "chaos", folder);
        await world.CloseFilesAsync();
        return [.. atRest, .. await JudgeAsync(world, folder)];
    }

    // The oracle is a process of its own, and the verdict is its.
    private static async Task<IReadOnlyList<CheckResult>> JudgeAsync(ChaosWorld world, RunFolder folder)
    {
        var binary = typeof(RunFacts).Assembly.Location;
        await using var oracle = ChildProcess.Start("dotnet", [binary, folder.FullName]);
        var code = await oracle.ExitAsync(TimeSpan.FromMinutes(5));
        File.WriteAllText(folder.Of("oracle.txt"), string.Join('\n', oracle.Output));
        foreach (var line in oracle.Output)
        {
            Console.WriteLine(line);
        }

        var results = File.Exists(folder.Verdict)
            ? JsonSerializer.Deserialize<List<CheckResult>>(await File.ReadAllTextAsync(folder.Verdict))! : [];
        return code <= 1 && results.Count > 0 ? results
            : [new("the oracle", 1, 1, [new($"it ended with {code}: {oracle.Tail}", [])])];
    }
}
