using System.Data.Common;
using Akka.Cluster;
using AkkaFeeds.Store;

namespace AkkaFeeds.Nodes;

/// <summary>
/// Says in the store that this node lives on it, looks who else does, and ends the process where that is another
/// cluster and this one is the smaller.
/// </summary>
internal sealed class RivalProbe(
    StoreDatabase database, Cluster cluster, ProcessFailure failure, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private readonly RivalWatch watch = new();
    private Task asked = Task.CompletedTask;
    private ITimer? timer;

    /// <summary>Begins.</summary>
    public void Start() => timer = clock.CreateTimer(_ => Tick(), null, Every, Every);

    /// <inheritdoc/>
    public void Dispose() => timer?.Dispose();

    private void Tick()
    {
        if (asked.IsCompleted)
        {
            asked = Task.Run(Ask);
        }
    }

    private void Ask()
    {
        var members = cluster.State.Members;
        var isUp = members.Any(
            member => member.UniqueAddress.Equals(cluster.SelfUniqueAddress) && member.Status == MemberStatus.Up);
        if (!isUp || cluster.IsTerminated)
        {
            watch.Forget();
            return;
        }

        var oldest = members.OrderBy(member => member, Member.AgeOrdering).First().UniqueAddress;
        var self = new StoreNode($"{cluster.SelfAddress}", $"{oldest.Address}#{oldest.Uid}");
        try
        {
            var seen = database.Meet(self);
            var addresses = members.Select(member => $"{member.Address}").ToHashSet();
            if (watch.Take(self, addresses, seen, clock.GetElapsedTime(0)) is { } rival)
            {
                failure.Fail(new StartupException(
                    $"store {database.DisplayName}",
                    $"node {rival.Address} of another cluster lives on it, and two clusters must not share a store",
                    "let a supervisor start this node again, and see that all nodes name the same `cluster.seeds`",
                    StartupException.Failed));
            }
        }
        catch (DbException)
        {
            // The store's own probe tells of that.
            watch.Forget();
        }
    }
}
