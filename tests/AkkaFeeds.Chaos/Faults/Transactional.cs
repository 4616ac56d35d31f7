using System.Diagnostics;
using AkkaFeeds.Chaos.Traffic;
using AkkaFeeds.Chaos.World;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Chaos.Faults;

/// <summary>
/// A transaction stays open over every partition, so that nothing behind it may be read; then it is aborted. Readers
/// are told why they see nothing new, and nobody ever sees what was in it.
/// </summary>
internal sealed class Transactional() : Fault("F-25", "an open transaction, then aborted")
{
    public override bool IsQuick => true;

    public override async Task<FaultEffect> InjectAsync(ChaosWorld world, Random random)
    {
        var abort = await world.Transactions.HangAsync();
        var watch = Stopwatch.StartNew();
        string? told = null;
        try
        {
            await Waiting.ForAsync(
                async () =>
                {
                    var state = await Any(world, random).StateAsync(
                        ChaosFeed.Main, ChaosFeed.Spread[random.Next(ChaosFeed.Spread.Count)]);
                    told = state is { State: "stale", Reason: "open-transaction" or "behind-slo" }
                        ? state.Value.Reason : null;
                    return told;
                },
                "a reason", TimeSpan.FromSeconds(12), TimeSpan.FromMilliseconds(100));
        }
        catch (TimeoutException)
        {
            // Told below.
        }

        var after = watch.Elapsed;
        await Waiting.PauseAsync(Between(random, 0, 4));
        await abort();
        return new FaultEffect(
            ChaosFeed.Keys.Count,
            $"aborted records; {told ?? "nothing"} told after {after.TotalSeconds:F1} s")
        {
            Gone = Stopwatch.StartNew(),
            Wrong = told is not null ? null : "an open transaction held everything back for 12 s, and views were live",
        };
    }
}
