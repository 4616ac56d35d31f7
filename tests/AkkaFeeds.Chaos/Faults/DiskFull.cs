using System.Diagnostics;
using AkkaFeeds.Chaos.World;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Chaos.Faults;

/// <summary>The disk under the store of the node on SQLite is full, and is freed again.</summary>
internal sealed class DiskFull() : Fault("F-19", "the store's disk full, then freed")
{
    private const string Refused = "database or disk is full";

    public override string? Unavailable(ChaosWorld world) =>
        world.Files.LimitedStore is null ? "a small file system cannot be mounted without root" : null;

    public override async Task<FaultEffect> InjectAsync(ChaosWorld world, Random random)
    {
        var disk = world.Files.LimitedStore!;
        var exits = world.Single.Exits.Count;
        var before = world.Single.LinesWith(Refused);
        try
        {
            await Waiting.ForAsync(
                () => Task.FromResult(disk.TryEmptyLog() ? disk : null), "the database's log is empty",
                TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(20));
            await Waiting.ForAsync(
                () =>
                {
                    // What the database gives back meanwhile is taken too.
                    disk.Fill();
                    return Task.FromResult(world.Single.LinesWith(Refused) > before ? world : null);
                },
                "the store refuses a write", TimeSpan.FromSeconds(40), TimeSpan.FromMilliseconds(200));
        }
        catch (TimeoutException)
        {
            // Then the disk was not full for those who write to it.
        }

        await Waiting.PauseAsync(Between(random, 0, 3));
        disk.Free();
        return new FaultEffect(world.Single.LinesWith(Refused) - before, "writes refused by a full disk")
        {
            Gone = Stopwatch.StartNew(),
            Wrong = world.Single.Exits.Count > exits ? $"it ended with {world.Single.Exits[^1]}" : null,
        };
    }
}
