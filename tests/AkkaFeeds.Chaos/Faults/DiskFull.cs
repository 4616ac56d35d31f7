using System.Diagnostics;
using AkkaFeeds.Chaos.Traffic;
using AkkaFeeds.Chaos.World;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Chaos.Faults;

/// <summary>The disk under the store of the node on SQLite is full, and is freed again.</summary>
internal sealed class DiskFull() : Fault("F-19", "the store's disk full, then freed")
{
    public override string? Unavailable(ChaosWorld world) =>
        world.Files.LimitedStore is null ? "a small file system cannot be mounted without root" : null;

    public override async Task<FaultEffect> InjectAsync(ChaosWorld world, Random random)
    {
        var disk = world.Files.LimitedStore!;
        var exits = world.Single.Exits.Count;
        disk.EmptyLog();
        var filled = disk.Fill();
        var told = 0;
        try
        {
            await Waiting.ForAsync(
                async () =>
                {
                    // The log of the database grows again after each clean-up: what it gave back is taken too.
                    disk.EmptyLog();
                    filled += disk.Fill();
                    return await world.Single.StateAsync(ChaosFeed.Main, ChaosFeed.Keys[0])
                        is { State: "stale", Reason: "store-down" } ? world : null;
                },
                "the node says that its store is down", TimeSpan.FromSeconds(40), TimeSpan.FromMilliseconds(200));
            told = 1;
        }
        catch (TimeoutException)
        {
            // Then the disk was not full for those who write to it.
        }

        await Waiting.PauseAsync(Between(random, 0, 3));
        disk.Free();
        return new FaultEffect(told, "the node said store-down")
        {
            Gone = Stopwatch.StartNew(),
            Wrong = world.Single.Exits.Count > exits ? $"it ended with {world.Single.Exits[^1]}" : null,
        };
    }
}
