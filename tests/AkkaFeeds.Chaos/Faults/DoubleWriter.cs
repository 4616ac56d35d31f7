using System.Diagnostics;
using AkkaFeeds.Chaos.World;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Chaos.Faults;

/// <summary>
/// A second system that nobody should set up: another cluster and another Kafka group over the same database. Both
/// have every slot alive; the fence lets one of them write.
/// </summary>
internal sealed class DoubleWriter() : Fault("F-05", "two clusters over one database")
{
    public override async Task<FaultEffect> InjectAsync(ChaosWorld world, Random random)
    {
        var before = Refused(world);
        await using var intruder = new ChaosNode(
            "intruder 4", world.IntruderSite(), world.Files.Folder.Of("intruder.log"), cluster: null);
        intruder.IsSupervised = false;
        intruder.Start();
        await Waiting.ForAsync(
            () => Task.FromResult(Refused(world) - before >= 5 || !intruder.IsRunning ? intruder : null),
            "writes refused by the fence", Limit, TimeSpan.FromMilliseconds(200));

        // The smaller of two clusters on one store has to find that out, and to end.
        var code = await intruder.EndedAsync(TimeSpan.FromSeconds(40));
        var gone = Stopwatch.StartNew();
        await intruder.KillAsync();
        return new FaultEffect(Refused(world) - before, "writes refused by the fence")
        {
            Gone = gone,
            Wrong = code == 1 ? null
                : "a second cluster over the store "
                    + (code is null ? "ran on for 40 s" : $"ended with {code}, not with 1"),
        };
    }

    /// <summary>How many rows PostgreSQL has refused, by its own log.</summary>
    private static long Refused(ChaosWorld world) =>
        world.Postgres.Log.Split('\n').Count(line => line.Contains("ERROR:", StringComparison.Ordinal)
            && (line.Contains("fence", StringComparison.OrdinalIgnoreCase)
                || line.Contains("journal", StringComparison.Ordinal)));
}
