using System.Collections.Immutable;
using System.Diagnostics;
using AkkaFeeds.Kafka.Native;
using Confluent.Kafka;

namespace AkkaFeeds.Kafka.Consuming;

/// <content>
/// The assignment. The handlers run inside a poll (or the close) on the poll thread and never throw: an exception in
/// one of
/// them makes the client's close hang.
/// </content>
internal sealed partial class ConsumerLoop<TKey, TValue>
{
    private readonly List<PartitionLease<TKey, TValue>> toPause = [];

    private IConsumer<byte[], byte[]> BuildConsumer()
    {
        var config = new ConsumerConfig(settings.ClientProperties());
        if (string.IsNullOrEmpty(GroupId))
        {
            if (subscription is TopicSubscription)
            {
                throw new ArgumentException("a subscription to topics needs a group id; use WithGroupId");
            }

            // librdkafka wants a group for any consumer; an assigned one that never commits does not join it.
            config.GroupId = $"unused-{Guid.NewGuid():n}";
        }

        return new ConsumerBuilder<byte[], byte[]>(config)
            .SetErrorHandler((_, error) => OnError(error))
            .SetStatisticsHandler((_, json) => Tell(events => events.OnStatistics(json)))
            .SetLogHandler((_, message) => Tell(events => events.OnLog(message)))
            .SetPartitionsAssignedHandler((_, assigned) => OnAssigned(assigned))
            .SetPartitionsRevokedHandler((_, revoked) => OnRevoked([.. revoked.Select(each => each.TopicPartition)]))
            .SetPartitionsLostHandler((_, lost) => OnLost([.. lost.Select(each => each.TopicPartition)]))
            .Build();
    }

    private void OnError(Error error)
    {
        if (error.IsFatal)
        {
            fatal = error;
        }

        Tell(events => events.OnError(error));
    }

    // With offsets of the caller's, the partition starts at its end, where nothing is fetched ahead, until they are
    // known.
    private IEnumerable<TopicPartitionOffset> OnAssigned(List<TopicPartition> assigned)
    {
        // A number, not Offset.End: a logical offset is looked up, and an answer that comes after the first seek takes
        // the partition back to the end; the records between are then skipped without a word. It is paused at once.
        var start = offsetsOnAssign is null ? Offset.Unset : new Offset(0);
        var added = AddLeases(assigned, positioned: offsetsOnAssign is null);
        if (offsetsOnAssign is not null)
        {
            toPause.AddRange(added);
        }

        Guard(nameof(IPartitionEventHandler.OnAssign), () => handler.OnAssign([.. assigned]));
        if (offsetsOnAssign is not null && added.Count > 0)
        {
            _ = PositionAsync(offsetsOnAssign, added);
        }

        return assigned.Select(each => new TopicPartitionOffset(each, start));
    }

    private List<PartitionLease<TKey, TValue>> AddLeases(IEnumerable<TopicPartition> partitions, bool positioned)
    {
        lastLease = null;
        var added = new List<PartitionLease<TKey, TValue>>();
        foreach (var partition in partitions)
        {
            RemoveLease(partition);
            var lease = new PartitionLease<TKey, TValue>(partition, ++leaseCounter, this);
            lease.Polled.IsPositioning = !positioned;
            leases[partition] = lease;
            leaseCount++;
            added.Add(lease);
            if (emissionStopped)
            {
                lease.End();
                toPause.Add(lease);
            }
            else if (lease.TryOffer())
            {
                listener!.Offered(lease);
            }
        }

        return added;
    }

    private async Task PositionAsync(OffsetsOnAssign offsets, List<PartitionLease<TKey, TValue>> added)
    {
        try
        {
            // Away from the poll thread from the first instruction on: the caller's code may block.
            var found = await Task.Run(() => offsets([.. added.Select(each => each.Partition)])).ConfigureAwait(false);
            foreach (var position in found)
            {
                added.Find(each => each.Partition == position.TopicPartition)?.RequestStart(position.Offset);
            }
        }
        catch (Exception error)
        {
            // The caller's code: without positions there is nothing to read, so their streams fail; a seek revives
            // them.
            foreach (var lease in added)
            {
                lease.Fail(error);
            }

            Tell(events => events.OnHookFailed("getOffsetsOnAssign", error));
        }

        Wake();
    }

    private void OnRevoked(ImmutableHashSet<TopicPartition> revoked)
    {
        var started = Stopwatch.GetTimestamp();
        var ending = revoked.Select(LeaseOf).OfType<PartitionLease<TKey, TValue>>().ToList();
        foreach (var lease in ending)
        {
            lease.End();
            DropPolled(lease);
        }

        Guard(nameof(IPartitionEventHandler.OnRevoke), () =>
        {
            if (!handler.OnRevoke(revoked).Wait(settings.RevokeTimeout))
            {
                throw new TimeoutException($"not done after {settings.RevokeTimeout}");
            }
        });
        DrainCommits(ending, started);
        foreach (var partition in revoked)
        {
            RemoveLease(partition);
        }
    }

    /// <summary>
    /// Lets what the streams have taken be committed. Streams that have not asked for a commit under this lease are
    /// not waited for (nothing says that they ever will), nor those whose handler has just said that it is done. At
    /// the consumer's own end a committable stream is: its first commit may still be on its way here.
    /// </summary>
    private void DrainCommits(List<PartitionLease<TKey, TValue>> ending, long started, bool expected = false)
    {
        foreach (var lease in ending.Where(each => drainsByItself && (expected || each.CommitAsked)))
        {
            var left = settings.RevokeTimeout - Stopwatch.GetElapsedTime(started);
            commits.WaitFor(() => lease.CommittedTo >= lease.TakenTo, left);
        }

        commits.Drain(
            ending.ConvertAll(each => each.Partition), settings.RevokeTimeout - Stopwatch.GetElapsedTime(started));
    }

    private void OnLost(ImmutableHashSet<TopicPartition> lost)
    {
        foreach (var partition in lost)
        {
            RemoveLease(partition);
        }

        Guard(nameof(IPartitionEventHandler.OnLost), () => handler.OnLost(lost));
    }

    private void RemoveLease(TopicPartition partition)
    {
        lastLease = null;
        if (leases.TryRemove(partition, out var lease))
        {
            leaseCount--;
            lease.End();
            DropPolled(lease);
            full.Remove(lease);
            toPause.Remove(lease);
        }
    }

    private void DropPolled(PartitionLease<TKey, TValue> lease)
    {
        AddHeld(-lease.Polled.PendingBytes);
        recordsDropped += lease.Polled.PendingCount + (lease.Polled.Held == 0 ? 0 : 1);
        lease.Polled.DropPending();
        lease.Polled.DropHeld();
        dirty.Remove(lease);
        full.Remove(lease);
    }

    // A pause inside the assigned handler throws, so it follows right after the poll that ran the handler.
    private void ServeRebalance()
    {
        if (toPause.Count == 0)
        {
            return;
        }

        foreach (var lease in toPause)
        {
            Pause(lease);
        }

        toPause.Clear();
        Volatile.Write(ref wakeRequested, 1);
    }

    private void Guard(string hook, Action action)
    {
        try
        {
            action();
        }
        catch (Exception error)
        {
            // The caller's code, inside a callback of native code: told, and otherwise ignored.
            var cause = error is AggregateException { InnerException: { } inner } ? inner : error;
            Tell(events => events.OnHookFailed(hook, cause));
        }
    }

    private void Tell(Action<IConsumerEvents> say)
    {
        try
        {
            say(settings.Events);
        }
        catch (Exception)
        {
            hookFailures++;
        }
    }
}
