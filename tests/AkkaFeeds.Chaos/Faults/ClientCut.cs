using System.Diagnostics;
using AkkaFeeds.Chaos.World;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Chaos.Faults;

/// <summary>Clients lose an edge: resets, or a network that swallows everything for a while.</summary>
internal sealed class ClientCut() : Fault("F-01", "clients cut from an edge")
{
    public override bool IsQuick => true;

    public override async Task<FaultEffect> InjectAsync(ChaosWorld world, Random random)
    {
        var node = random.Next(4) == 0 ? world.Single : Any(world, random);
        if (random.Next(2) == 0)
        {
            var cut = node.EdgeProxy.Reset() + world.Clients.Count(client => client.Edge == node && client.Cut());
            return new FaultEffect(cut, "connections reset");
        }

        var before = node.EdgeProxy.HeldTimes;
        node.EdgeProxy.Hold(_ => true);
        await Waiting.PauseAsync(Between(random, 3, 11));
        node.EdgeProxy.Release();
        return new FaultEffect(node.EdgeProxy.HeldTimes - before, "writes held back") { Gone = Stopwatch.StartNew() };
    }
}
