using System.Diagnostics;
using AkkaFeeds.Chaos.World;

namespace AkkaFeeds.Chaos.Faults;

/// <summary>A node is stopped in order, and comes back.</summary>
internal sealed class GracefulLeave() : Fault("F-02", "graceful leave and return of a node")
{
    public override async Task<FaultEffect> InjectAsync(ChaosWorld world, Random random)
    {
        var node = Any(world, random);
        var watch = Stopwatch.StartNew();
        var byes = world.Clients.Count(client => client.Edge == node);
        var code = await node.StopAsync();
        await world.UntilRightAsync(Limit);
        var recovery = watch.Elapsed;
        await ChaosWorld.StartReadyAsync(node);
        return new FaultEffect(code == 0 ? 1 : 0, $"exit code 0 ({byes} clients sent away)")
        {
            Recovery = recovery, Wrong = code == 0 ? null : $"{node.Name} ended with {code} when it was stopped",
        };
    }
}
