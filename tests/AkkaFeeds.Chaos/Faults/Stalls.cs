using System.Diagnostics;
using AkkaFeeds.Chaos.World;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Chaos.Faults;

/// <summary>Nodes stand still for a few seconds, as in a long collection of garbage, and go on.</summary>
internal sealed class Stalls() : Fault("F-31", "nodes stand still for 0.5 to 4 s")
{
    public override bool IsQuick => true;

    public override async Task<FaultEffect> InjectAsync(ChaosWorld world, Random random)
    {
        var stopped = 0L;
        for (var round = random.Next(2, 5); round > 0; round--)
        {
            var node = random.Next(5) == 0 ? world.Single : Any(world, random);
            if (!node.IsRunning)
            {
                continue;
            }

            var process = node.Server.Process;
            process.Freeze();
            await Waiting.PauseAsync(Between(random, 0.5, 4));
            stopped += IsStopped(process.Id) ? 1 : 0;
            process.Thaw();
            await Waiting.PauseAsync(Between(random, 0, 1));
        }

        return new FaultEffect(stopped, "processes seen stopped") { Gone = Stopwatch.StartNew() };
    }

    private static bool IsStopped(int id)
    {
        var text = File.Exists($"/proc/{id}/stat") ? File.ReadAllText($"/proc/{id}/stat") : "";
        return text.Contains(") T ", StringComparison.Ordinal);
    }
}
