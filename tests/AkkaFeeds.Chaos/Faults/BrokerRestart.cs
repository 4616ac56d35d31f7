using System.Diagnostics;
using AkkaFeeds.Chaos.World;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Chaos.Faults;

/// <summary>The broker is killed, or frozen, and is back some seconds later.</summary>
internal sealed class BrokerRestart() : Fault("F-26", "the broker killed or frozen")
{
    public override async Task<FaultEffect> InjectAsync(ChaosWorld world, Random random)
    {
        var exits = world.Edges.Sum(node => node.Exits.Count);
        if (random.Next(3) == 0)
        {
            await world.Broker.SuspendAsync();
            await Waiting.PauseAsync(Between(random, 3, 9));
            await world.Broker.ResumeAsync();
        }
        else
        {
            await world.Broker.KillAsync();
            await Waiting.PauseAsync(Between(random, 0, 8));
            await world.Broker.RestartAsync();
        }

        var gone = Stopwatch.StartNew();
        var ended = world.Edges.Sum(node => node.Exits.Count) - exits;
        return new FaultEffect(1, "broker gone")
        {
            Gone = gone, Wrong = ended == 0 ? null : $"{ended} nodes ended because the broker was away",
        };
    }
}
