using System.Diagnostics;
using Confluent.Kafka;

namespace AkkaFeeds.Kafka.Committing;

/// <summary>
/// Commits on a thread of its own, so that a slow broker delays commits and nothing else. Of a partition only the
/// latest
/// wish waits; everything that waits goes into one request. A lease is checked right before the request.
/// </summary>
internal sealed class CommitWorker(ICommitTarget target, int retries) : IOffsetCommitter
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private readonly object gate = new();
    private readonly Dictionary<TopicPartition, Wish> waiting = [];
    private readonly HashSet<TopicPartition> inFlight = [];
    private Thread? thread;
    private bool stopped;

    private sealed record Wish(
        TopicPartitionOffset Offset, long Lease, int Attempt, List<TaskCompletionSource<CommitOutcome>> Waiters);

    public Task<CommitOutcome> Commit(TopicPartitionOffset offset, long lease)
    {
        var done = new TaskCompletionSource<CommitOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        target.CommitAsked(offset.TopicPartition, lease);
        lock (gate)
        {
            if (stopped)
            {
                target.CommitDropped();
                return Task.FromResult(CommitOutcome.NotOwner);
            }

            var waiters = waiting.TryGetValue(offset.TopicPartition, out var earlier) ? earlier.Waiters : [];
            waiters.Add(done);
            waiting[offset.TopicPartition] = new(offset, lease, 0, waiters);
            if (thread is null)
            {
                thread = new Thread(Run) { IsBackground = true, Name = "kafka-commit" };
                thread.Start();
            }

            Monitor.PulseAll(gate);
        }

        return done.Task;
    }

    /// <summary>Waits until nothing of the partitions waits or is in flight; false at the deadline.</summary>
    public bool Drain(IReadOnlyCollection<TopicPartition> partitions, TimeSpan timeout) => WaitFor(
        () => !partitions.Any(each => waiting.ContainsKey(each) || inFlight.Contains(each)), timeout);

    /// <summary>Waits for a condition that commits make true; false at the deadline.</summary>
    public bool WaitFor(Func<bool> condition, TimeSpan timeout)
    {
        var started = Stopwatch.GetTimestamp();
        lock (gate)
        {
            while (!condition())
            {
                var left = timeout - Stopwatch.GetElapsedTime(started);
                if (left <= TimeSpan.Zero || stopped)
                {
                    return false;
                }

                Monitor.Wait(gate, left);
            }
        }

        return true;
    }

    /// <summary>Takes no more commits; false where one is still in flight at the deadline.</summary>
    public bool Stop(TimeSpan timeout)
    {
        List<Wish> dropped;
        lock (gate)
        {
            stopped = true;
            dropped = [.. waiting.Values];
            waiting.Clear();
            Monitor.PulseAll(gate);
        }

        foreach (var each in dropped)
        {
            target.CommitDropped();
            Complete(each, CommitOutcome.NotOwner);
        }

        return thread is null || thread.Join(timeout);
    }

    private static void Complete(Wish wish, CommitOutcome outcome)
    {
        foreach (var each in wish.Waiters)
        {
            each.TrySetResult(outcome);
        }
    }

    private void Run()
    {
        while (Next() is { } wishes)
        {
            var owned = new List<Wish>();
            foreach (var each in wishes)
            {
                if (target.Owns(each.Offset.TopicPartition, each.Lease))
                {
                    owned.Add(each);
                }
                else
                {
                    target.CommitDropped();
                    Complete(each, CommitOutcome.NotOwner);
                }
            }

            var failed = owned.Count > 0 && Send(owned);
            Finish(wishes, failed);
        }
    }

    private List<Wish>? Next()
    {
        lock (gate)
        {
            while (waiting.Count == 0)
            {
                if (stopped)
                {
                    return null;
                }

                Monitor.Wait(gate);
            }

            List<Wish> wishes = [.. waiting.Values];
            waiting.Clear();
            inFlight.UnionWith(wishes.Select(each => each.Offset.TopicPartition));
            return wishes;
        }
    }

    private void Finish(List<Wish> wishes, bool pause)
    {
        lock (gate)
        {
            inFlight.ExceptWith(wishes.Select(each => each.Offset.TopicPartition));
            Monitor.PulseAll(gate);
            if (pause && !stopped)
            {
                // A retry at once would spin against a broker that is down; new wishes join it meanwhile.
                var started = Stopwatch.GetTimestamp();
                while (!stopped && RetryPause - Stopwatch.GetElapsedTime(started) is var left && left > TimeSpan.Zero)
                {
                    Monitor.Wait(gate, left);
                }
            }
        }
    }

    private bool Send(List<Wish> wishes)
    {
        List<TopicPartitionOffsetError> results;
        try
        {
            results = target.Commit([.. wishes.Select(each => each.Offset)]);
        }
        catch (KafkaException error)
        {
            results = [.. wishes.Select(each => new TopicPartitionOffsetError(each.Offset, error.Error))];
        }

        catch (Exception error)
        {
            // The thread's edge: whatever else the client throws must not end the process, nor the commits to come.
            var failure = new Error(ErrorCode.Local_Fail, error.Message);
            results = [.. wishes.Select(each => new TopicPartitionOffsetError(each.Offset, failure))];
        }

        var retry = false;
        foreach (var wish in wishes)
        {
            var result = results.Find(each => each.TopicPartition == wish.Offset.TopicPartition);
            retry |= Conclude(wish, result?.Error ?? new Error(ErrorCode.NoError));
        }

        return retry;
    }

    private bool Conclude(Wish wish, Error error)
    {
        if (!error.IsError)
        {
            Complete(wish, CommitOutcome.Committed);
            return false;
        }

        var kind = CommitErrors.Classify(error.Code);
        if (kind == CommitFailureKind.Retriable && wish.Attempt < retries && Again(wish))
        {
            return true;
        }

        if (kind == CommitFailureKind.NotOwner)
        {
            target.CommitDropped();
        }
        else
        {
            target.CommitFailed(new CommitFailure(wish.Offset, kind, error));
        }

        Complete(wish, kind == CommitFailureKind.NotOwner ? CommitOutcome.NotOwner : CommitOutcome.Failed);
        return false;
    }

    private bool Again(Wish wish)
    {
        lock (gate)
        {
            if (stopped)
            {
                return false;
            }

            if (waiting.TryGetValue(wish.Offset.TopicPartition, out var later))
            {
                later.Waiters.AddRange(wish.Waiters);
            }
            else
            {
                waiting[wish.Offset.TopicPartition] = wish with { Attempt = wish.Attempt + 1 };
            }

            return true;
        }
    }
}

/// <summary>The consumer as the commit thread sees it.</summary>
internal interface ICommitTarget
{
    bool Owns(TopicPartition partition, long lease);

    /// <summary>Blocks until the broker has answered.</summary>
    /// <exception cref="KafkaException">The request failed as a whole.</exception>
    List<TopicPartitionOffsetError> Commit(IReadOnlyList<TopicPartitionOffset> offsets);

    void CommitAsked(TopicPartition partition, long lease);

    void CommitDropped();

    void CommitFailed(CommitFailure failure);
}
