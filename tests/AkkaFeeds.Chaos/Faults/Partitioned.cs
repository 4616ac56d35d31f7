using System.Diagnostics;
using System.Globalization;
using AkkaFeeds.Chaos.World;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Chaos.Faults;

/// <summary>
/// One node is cut off from the other two, while it reaches Kafka and the database: for a moment, or until the
/// majority has declared it dead and it has ended itself.
/// </summary>
internal sealed class Partitioned() : Fault("F-09", "one node cut off from the other two")
{
    public override async Task<FaultEffect> InjectAsync(ChaosWorld world, Random random)
    {
        var node = Any(world, random);
        var name = node.Cluster!.Port.ToString(CultureInfo.InvariantCulture);
        var before = Held(world);
        var isShort = random.Next(4) == 0;
        var watch = Stopwatch.StartNew();
        node.IsSupervised = false;
        foreach (var each in world.Nodes)
        {
            each.Cluster!.Hold(each == node ? _ => true : origin => origin == name);
        }

        TimeSpan? recovery = null;
        int? code = null;
        try
        {
            if (isShort)
            {
                await Waiting.PauseAsync(Between(random, 2, 4));
            }
            else
            {
                code = await node.EndedAsync(TimeSpan.FromSeconds(40));
                await world.UntilRightAsync(Limit, each => each != node);
                recovery = watch.Elapsed;
            }
        }
        finally
        {
            foreach (var each in world.Nodes)
            {
                each.Cluster!.Release();
            }
        }

        var gone = Stopwatch.StartNew();
        var isDown = !node.IsRunning;
        node.IsSupervised = true;
        if (isDown)
        {
            await ChaosWorld.StartReadyAsync(node);
        }

        return new FaultEffect(Held(world) - before, "writes between nodes held back")
        {
            Gone = gone,
            Recovery = recovery,
            Wrong = isShort || code == 1 ? null
                : $"{node.Name} was cut off for 40 s and {(code is null ? "runs on" : $"ended with {code}")}",
        };
    }

    private static long Held(ChaosWorld world) => world.Nodes.Sum(each => each.Cluster!.HeldTimes);
}
