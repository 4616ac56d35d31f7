using System.Diagnostics;
using AkkaFeeds.Chaos.World;

namespace AkkaFeeds.Chaos.Faults;

/// <summary>
/// The topic is deleted and made again under a running node: offsets begin at 0 again, and nothing may be skipped or
/// counted twice. Readers are told, and the way out is an empty store.
/// </summary>
internal sealed class TopicRemade() : Fault("F-22", "the topic deleted and made again")
{
    private static readonly TimeSpan Told = TimeSpan.FromSeconds(10);

    public override async Task<FaultEffect> InjectAsync(ChaosWorld world, Random random)
    {
        var (before, after) = (random.Next(50, 200), random.Next(20, 300));
        await using var side = await SideNode.CreateAsync(world);
        await side.ProduceAsync(0, before, 1);
        await side.ProduceAsync(1, before, 2);
        await side.StartAsync();
        await side.UntilAsync(0, before, before);
        await side.UntilAsync(1, before, 2 * before);
        await world.Topics.DeleteAsync(side.Topic);
        await world.Topics.CreateAsync(side.Topic, SideNode.Keys.Length);
        await side.ProduceAsync(0, after, 1);
        await side.ProduceAsync(1, after, 2);

        var watch = Stopwatch.StartNew();
        await side.UntilReasonAsync(0, "source-changed", Told);
        await side.UntilReasonAsync(1, "source-changed", Told);
        var recovery = watch.Elapsed;
        await side.KillAsync();
        side.DeleteStore();
        await side.StartAsync();
        await side.UntilAsync(0, after, after);
        await side.UntilAsync(1, after, 2 * after);
        return new FaultEffect(1, "topics made again, and readers told") { Recovery = recovery };
    }
}
