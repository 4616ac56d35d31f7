using System.Diagnostics;
using AkkaFeeds.Kafka.Native;
using Confluent.Kafka;

namespace AkkaFeeds.Kafka.Consuming;

/// <content>What others ask of the poll thread (seek, stop, commit), its close, and its counters.</content>
internal sealed partial class ConsumerLoop<TKey, TValue>
{
    private const int SeekAttemptsBeforeReassign = 50;
    private const int LeavePollMilliseconds = 10;

    private int leasesToRetry;
    private long recordsRead;
    private long recordsDropped;
    private long pauses;
    private long commitFailures;
    private long commitsDropped;
    private long hookFailures;

    public ConsumerMetrics Metrics => new()
    {
        BytesHeld = Interlocked.Read(ref bytesHeld),
        BytesHeldMax = Volatile.Read(ref bytesHeldMax),
        RecordsRead = Volatile.Read(ref recordsRead),
        RecordsDropped = Volatile.Read(ref recordsDropped),
        Pauses = Volatile.Read(ref pauses),
        CommitFailures = Volatile.Read(ref commitFailures),
        CommitsDropped = Volatile.Read(ref commitsDropped),
        HookFailures = Volatile.Read(ref hookFailures),
        LongestPollGap = watch.Longest,
        SinceLastPoll = watch.SinceLast,
    };

    public int Seek(TopicPartition partition, Offset offset)
    {
        if (LeaseOf(partition) is not { } lease)
        {
            return -1;
        }

        var generation = lease.RequestSeek(offset, out var offerAgain);
        if (offerAgain)
        {
            listener?.Offered(lease);
        }

        Wake();
        return generation;
    }

    public void CloseTimedOut() => Tell(events => events.OnHookFailed(
        "close", new TimeoutException($"the client is not closed after {settings.CloseTimeout}; it is left behind")));

    public bool Owns(TopicPartition partition, long lease) =>
        leases.TryGetValue(partition, out var found) && found.Number == lease;

    List<TopicPartitionOffsetError> Committing.ICommitTarget.Commit(IReadOnlyList<TopicPartitionOffset> offsets)
    {
        try
        {
            consumer.Commit(offsets);
        }
        catch (TopicPartitionOffsetException error)
        {
            return error.Results;
        }

        foreach (var each in offsets)
        {
            if (LeaseOf(each.TopicPartition) is { } lease)
            {
                lease.CommittedTo = each.Offset.Value;
            }
        }

        return [];
    }

    public void CommitAsked(TopicPartition partition, long lease)
    {
        if (LeaseOf(partition) is { } found && found.Number == lease)
        {
            found.CommitAsked = true;
        }
    }

    public void CommitDropped() => Interlocked.Increment(ref commitsDropped);

    public void CommitFailed(CommitFailure failed)
    {
        Interlocked.Increment(ref commitFailures);
        Tell(events => events.OnCommitFailed(failed));
    }

    private void ServeWishes()
    {
        if (Interlocked.Exchange(ref wakeRequested, 0) == 0 && leasesToRetry == 0 && full.Count == 0)
        {
            return;
        }

        leasesToRetry = 0;
        foreach (var lease in leases.Values)
        {
            if (emissionStopped)
            {
                DropPolled(lease);
                Pause(lease);
            }
            else if (lease.TrySeekTarget(out var offset, out var generation))
            {
                Move(lease, offset, generation);
            }
        }

        ResumeWhereThereIsRoom();
    }

    // Resume first: a seek on a paused partition has been lost in some versions of librdkafka.
    private void Move(PartitionLease<TKey, TValue> lease, Offset offset, int generation)
    {
        var polled = lease.Polled;
        DropPolled(lease);
        polled.IsPositioning = true;
        Resume(lease);
        if (!TrySeek(lease, offset))
        {
            leasesToRetry++;
            return;
        }

        polled.IsPositioning = false;
        polled.SeekAttempts = 0;
        polled.Generation = generation;
        polled.NextOffset = Math.Max(0, offset.Value);
        lease.SeekDone(generation);
    }

    private bool TrySeek(PartitionLease<TKey, TValue> lease, Offset offset)
    {
        var target = new TopicPartitionOffset(lease.Partition, offset);
        try
        {
            consumer.Seek(target);
            return true;
        }
        catch (KafkaException error) when (error.Error.Code is ErrorCode.Local_State or ErrorCode.Local_PrevInProgress
            or ErrorCode.Local_InProgress or ErrorCode.Local_TimedOut)
        {
            // The partition is not being fetched: it has just been assigned and its leader is not known yet, or its
            // offset was out of range. The first passes; the second does not, so assign it anew where it should be.
            return ++lease.Polled.SeekAttempts >= SeekAttemptsBeforeReassign && TryReassign(target);
        }
    }

    private bool TryReassign(TopicPartitionOffset target)
    {
        try
        {
            consumer.IncrementalUnassign([target.TopicPartition]);
            consumer.IncrementalAssign([target]);
            return true;
        }
        catch (KafkaException error)
        {
            Tell(events => events.OnPartitionError(target.TopicPartition, error.Error));
            return false;
        }
    }

    private void Close()
    {
        foreach (var lease in leases.Values)
        {
            if (failure is not null)
            {
                lease.Fail(failure);
            }
            else
            {
                lease.End();
            }

            DropPolled(lease);
        }

        try
        {
            DrainCommits([.. leases.Values], Stopwatch.GetTimestamp(), ExpectsCommits);
            CloseConsumer();
        }
        catch (Exception error)
        {
            Tell(events => events.OnHookFailed("close", error));
        }

        closed.TrySetResult();
        listener!.Stopped(failure);
    }

    // A close leaves a member with a name in its group; to unsubscribe does not, once the group has given it an id,
    // which leaving takes away. One that is on its way into the group would be waited for until its session ends.
    private void LeaveGroup()
    {
        emissionStopped = true;
        var started = Stopwatch.GetTimestamp();
        PollUntil(() => !string.IsNullOrEmpty(consumer.MemberId), started);
        consumer.Unsubscribe();
        PollUntil(() => string.IsNullOrEmpty(consumer.MemberId), started);
    }

    private unsafe void PollUntil(Func<bool> isSo, long started)
    {
        while (!isSo() && Stopwatch.GetElapsedTime(started) < settings.CloseTimeout / 2)
        {
            var message = Poll.Next(client, LeavePollMilliseconds);
            ServeRebalance();
            if (message is not null)
            {
                Drop(message);
            }
        }
    }

    private void CloseConsumer()
    {
        if (consumer is null)
        {
            return;
        }

        if (settings.LeavesOnClose)
        {
            LeaveGroup();
        }

        // Close revokes what is assigned, through the handlers above, so drains and commits still work in there.
        consumer.Close();
        foreach (var partition in leases.Keys)
        {
            RemoveLease(partition);
        }

        lock (wakeGate)
        {
            Poll.DestroyQueue(queue);
            queue = 0;
        }

        // A commit that still hangs uses the client: then it is left to the process's end rather than freed under it.
        if (commits.Stop(settings.RevokeTimeout))
        {
            consumer.Dispose();
        }
    }
}
