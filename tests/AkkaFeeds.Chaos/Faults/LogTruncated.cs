using System.Diagnostics;
using System.Globalization;
using AkkaFeeds.Chaos.World;

namespace AkkaFeeds.Chaos.Faults;

/// <summary>
/// Retention takes records that were never read. Readers are told, with the exact range; the neighbour partition goes
/// on; and the operator's way out, an empty store, counts what is left.
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
        await side.UntilAsync(1, read + left, 2L * (read + left));
        var range = string.Create(CultureInfo.InvariantCulture, $"{read}..{read + lost}");
        var wrong = side.Log.Contains(range, StringComparison.Ordinal) ? null
            : $"the log of the node does not name the lost range {range}";

        // The way out: an empty store counts from where the log begins.
        await side.KillAsync();
        side.DeleteStore();
        await side.StartAsync();
        await side.UntilAsync(0, left, left);
        await side.UntilAsync(1, read + left, 2L * (read + left));
        return new FaultEffect(lost, "records lost, and readers told") { Recovery = recovery, Wrong = wrong };
    }
}
