using System.Diagnostics;
using AkkaFeeds.Chaos.World;

namespace AkkaFeeds.Chaos.Faults;

/// <summary>A node is killed; the others take over, and it comes back.</summary>
internal sealed class NodeKilled(bool oldest) : Fault(
    oldest ? "F-11" : "F-03", oldest ? "the oldest node killed (the coordinator's)" : "a node killed (-9)")
{
    public override async Task<FaultEffect> InjectAsync(ChaosWorld world, Random random)
    {
        var node = oldest ? world.Nodes.MaxBy(each => each.Age)! : Any(world, random);
        var watch = Stopwatch.StartNew();
        await node.KillAsync();
        await world.UntilRightAsync(Limit);
        var recovery = watch.Elapsed;
        await ChaosWorld.StartReadyAsync(node);
        return new FaultEffect(1, "process gone") { Recovery = recovery };
    }
}
