using System.Diagnostics;
using System.Globalization;
using AkkaFeeds.Chaos.World;
using AkkaFeeds.LogOracle;

namespace AkkaFeeds.Chaos.Faults;

/// <summary>
/// Two or all three nodes are killed at once. When all are dead, the log is deleted up to what both groups had
/// committed by then: had a commit run ahead of what is durable, the nodes could never come back whole (S3).
/// </summary>
internal sealed class AllKilled() : Fault("F-12", "all nodes killed, the log cut at the commit, cold start")
{
    public override async Task<FaultEffect> InjectAsync(ChaosWorld world, Random random)
    {
        foreach (var node in world.Nodes)
        {
            node.IsSupervised = false;
        }

        await Task.WhenAll(world.Nodes.Select(node => node.KillAsync()));
        var cuts = await CutAsync(world);
        var watch = Stopwatch.StartNew();
        foreach (var node in world.Nodes)
        {
            node.Start();
            node.IsSupervised = true;
        }

        var outcome = "whole";
        try
        {
            foreach (var node in world.Nodes)
            {
                await node.ReadyAsync();
            }

            await world.UntilRightAsync(Limit);
        }
        catch (TimeoutException late)
        {
            outcome = late.Message.Replace('\n', ' ').Replace('\t', ' ');
        }

        File.AppendAllLines(world.Files.Folder.Cuts, cuts.Select(cut => string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}\t{cut.Partition}\t{cut.Offset}\t{outcome}")));
        return new FaultEffect(cuts.Count, "partitions deleted up to the commit while all nodes were dead")
        {
            Recovery = watch.Elapsed, Wrong = outcome == "whole" ? null : outcome,
        };
    }

    private static async Task<IReadOnlyList<(int Partition, long Offset)>> CutAsync(ChaosWorld world)
    {
        var commits = await Task.Run(() => world.Commits.Groups.Select(world.Commits.Of).ToList());
        if (commits.Any(each => each is null))
        {
            return [];
        }

        // The oracle's own copy comes first: what is deleted here is nowhere else.
        await Task.Run(() => LogDump.Append(world.Files.Folder));
        var cuts = commits.SelectMany(each => each!).GroupBy(each => each.Partition)
            .Where(group => group.Count() == commits.Count)
            .Select(group => (group.Key, group.Min(each => each.Offset))).ToList();
        await world.Topics.TruncateAsync(world.Topic, cuts);
        return cuts;
    }
}
