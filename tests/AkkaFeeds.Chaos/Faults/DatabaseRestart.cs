using System.Diagnostics;
using AkkaFeeds.Chaos.World;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Chaos.Faults;

/// <summary>PostgreSQL is stopped (fast, immediate) or killed, and is back a few seconds later.</summary>
internal sealed class DatabaseRestart() : Fault("F-14", "PostgreSQL restarted or killed")
{
    public override bool IsQuick => true;

    public override async Task<FaultEffect> InjectAsync(ChaosWorld world, Random random)
    {
        switch (random.Next(3))
        {
            case 0:
                await world.Postgres.KillAsync();
                break;
            case 1:
                await world.Postgres.StopAsync("immediate");
                break;
            default:
                await world.Postgres.StopAsync();
                break;
        }

        var fired = world.Postgres.IsRunning ? 0 : 1;
        await Waiting.PauseAsync(Between(random, 0, 5));
        await world.Postgres.RestartAsync();
        return new FaultEffect(fired, "server gone") { Gone = Stopwatch.StartNew() };
    }
}
