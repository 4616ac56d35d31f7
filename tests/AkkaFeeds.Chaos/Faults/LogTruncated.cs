using System.Diagnostics;
using AkkaFeeds.Chaos.World;

namespace AkkaFeeds.Chaos.Faults;

/// <summary>
/// Retention takes records that were never read. Readers are told, with the exact range; the neighbour partition goes
/// on; and the operator's way out goes on without them, and says so.
/// </summary>
internal sealed class LogTruncated() : Fault("F-21", "retention passes the position")
{
    private static readonly TimeSpan Told = TimeSpan.FromSeconds(10);

    public override async Task<FaultEffect> InjectAsync(ChaosWorld world, Random random)
    {
        var (read, lost, left) = (random.Next(50, 200), random.Next(1, 100), random.Next(20, 100));
        await using var side = await SideNode.CreateAsync(world);
        await side.ProduceAsync(0, read, 1);
        await side.ProduceAsync(1, read, 2);
        await side.StartAsync();
        await side.UntilAsync(0, read, read);
        await side.UntilAsync(1, read, 2 * read);
        await side.UntilDurableAsync();
        await side.KillAsync();
        await side.ProduceAsync(0, lost + left, 1);
        await side.ProduceAsync(1, left, 2);
        await world.Topics.TruncateAsync(side.Topic, [(0, read + lost)]);

        var watch = Stopwatch.StartNew();
        await side.StartAsync();
        await side.UntilReasonAsync(0, "lost-range", Told);
        var recovery = watch.Elapsed;
        // Key B may share its slot with A, and says then that a partition of the slot is missing.
        await side.UntilAsync(1, read + left, 2L * (read + left), "live", "stale");
        // The way out: an operator is told which records are lost, and lets them go.
        var ranges = await side.ResumeAsync(isSure: false);
        var wrong = ranges.Count == 1 && ranges[0] == (0, read, read + lost) ? null
            : $"{read}..{read + lost} of partition 0 is lost, but the node says {string.Join(", ", ranges)}";
        await side.ResumeAsync(isSure: true);
        await side.UntilAsync(0, read + left, read + left, "partial");
        await side.UntilAsync(1, read + left, 2L * (read + left), "partial", "live");
        return new FaultEffect(lost, "records lost, and readers told") { Recovery = recovery, Wrong = wrong };
    }
}
