using System.Diagnostics;
using AkkaFeeds.Chaos.World;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Chaos.Faults;

/// <summary>
/// A node is frozen in the middle of a write to the database until the others have its work, and wakes up: it has to
/// find out that it is dead, and end.
/// </summary>
internal sealed class Zombie() : Fault("F-06", "a node frozen until it is replaced, then woken")
{
    private static readonly TimeSpan WriteMax = TimeSpan.FromSeconds(5);

    public override async Task<FaultEffect> InjectAsync(ChaosWorld world, Random random)
    {
        var node = Any(world, random);
        node.IsSupervised = false;
        var watch = Stopwatch.StartNew();
        var inWrite = await FreezeInWriteAsync(world, node);
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
        return new FaultEffect(1, inWrite > 0
            ? "replaced while frozen in the middle of a write, and woken" : "replaced while frozen, and woken")
        {
            Recovery = recovery,
            Wrong = code == 1 ? null : $"{node.Name} was replaced and woke up, and "
                + (code is null ? "went on for 30 s" : $"ended with {code}, not with 1"),
        };
    }

    // Each node writes over one session, and each is made to wait in the middle of a write before the node is frozen:
    // what it has written then is neither taken back nor confirmed for as long as the database lets it.
    private static async Task<long> FreezeInWriteAsync(ChaosWorld world, ChaosNode node)
    {
        await using var locked = await world.LockJournalAsync("EXCLUSIVE");
        var waiting = 0L;
        try
        {
            await Waiting.ForAsync(
                async () => (waiting = await locked.WaitingAsync()) >= world.Nodes.Count ? locked : null,
                "every node to write", WriteMax, TimeSpan.FromMilliseconds(50));
        }
        catch (TimeoutException)
        {
            // A node without a slot has nothing to write.
        }

        node.Server.Process.Freeze();
        return waiting;
    }
}
