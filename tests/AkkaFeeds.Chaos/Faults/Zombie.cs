using System.Diagnostics;
using AkkaFeeds.Chaos.World;

namespace AkkaFeeds.Chaos.Faults;

/// <summary>
/// A node is frozen until the others have its work, and wakes up: it has to find out that it is dead, and end.
/// </summary>
internal sealed class Zombie() : Fault("F-06", "a node frozen until it is replaced, then woken")
{
    public override async Task<FaultEffect> InjectAsync(ChaosWorld world, Random random)
    {
        var node = Any(world, random);
        node.IsSupervised = false;
        var watch = Stopwatch.StartNew();
        node.Server.Process.Freeze();
        try
        {
            await world.UntilRightAsync(Limit, each => each != node);
        }
        finally
        {
            node.Server.Process.Thaw();
        }

        var recovery = watch.Elapsed;
        var code = await node.EndedAsync(TimeSpan.FromSeconds(30));
        if (code is null)
        {
            await node.KillAsync();
        }

        node.IsSupervised = true;
        await ChaosWorld.StartReadyAsync(node);
        return new FaultEffect(1, "replaced while frozen, and woken")
        {
            Recovery = recovery,
            Wrong = code == 1 ? null : $"{node.Name} was replaced and woke up, and "
                + (code is null ? "went on for 30 s" : $"ended with {code}, not with 1"),
        };
    }
}
