using AkkaFeeds.Kafka.Native;
using Confluent.Kafka;

namespace AkkaFeeds.Kafka.Consuming;

/// <summary>
/// One assignment of one partition: what was polled and not yet taken, and whether it may still be emitted and
/// committed.
/// States: Positioning (records are dropped until the seek is done) -> Live -> Failed (a seek leads back) -> Ended.
/// </summary>
internal sealed class PartitionLease<TKey, TValue>(TopicPartition partition, long number, ILeaseOwner owner)
{
    private readonly Lock gate = new();
    private readonly LinkedList<RecordBatch<TKey, TValue>> batches = new();
    private long bytes;
    private long committedTo = -1;
    private int generation;
    private bool readerWaits;
    private bool hasReader;
    private bool isOffered;
    private bool ended;
    private Exception? failure;
    private Action? signal;
    private Offset? seekTo;

    public TopicPartition Partition { get; } = partition;

    public long Number { get; } = number;

    /// <summary>What the poll thread alone knows.</summary>
    public PollState Polled { get; } = new();

    /// <summary>Bytes of the batches that wait for the reader.</summary>
    public long BytesBuffered => Volatile.Read(ref bytes);

    /// <summary>
    /// The end of the last batch that the reader took; -1 before that. What a drain waits to see committed.
    /// </summary>
    public long TakenTo { get; private set; } = -1;

    /// <summary>The last offset committed under this lease; -1 before that. Written by the commit thread.</summary>
    public long CommittedTo
    {
        get => Volatile.Read(ref committedTo);
        set => Volatile.Write(ref committedTo, value);
    }

    /// <summary>Whether a commit under this lease was ever asked for.</summary>
    public bool CommitAsked { get; set; }

    public bool IsEnded
    {
        get
        {
            lock (gate)
            {
                return ended;
            }
        }
    }

    public bool HasReader
    {
        get
        {
            lock (gate)
            {
                return hasReader;
            }
        }
    }

    /// <summary>Attaches the one reader; false where there is one already.</summary>
    public bool Attach(Action onSignal)
    {
        lock (gate)
        {
            if (hasReader)
            {
                return false;
            }

            hasReader = true;
            isOffered = false;
            signal = onSignal;
            readerWaits = false;
            return true;
        }
    }

    /// <summary>Detaches the reader. What it did not take stays, for the next one.</summary>
    public void Detach()
    {
        lock (gate)
        {
            hasReader = false;
            signal = null;
        }
    }

    /// <summary>
    /// Whether it is to be offered to a next reader now: once, until one attaches. Of two that were offered it the
    /// second would fail. A failed lease waits for a seek first, or it would fail for ever.
    /// </summary>
    public bool TryOffer()
    {
        lock (gate)
        {
            if (ended || hasReader || isOffered || failure is not null)
            {
                return false;
            }

            isOffered = true;
            return true;
        }
    }

    /// <summary>Takes the next batch. Without one the reader is signalled when there is news.</summary>
    public TakeResult Take(out RecordBatch<TKey, TValue>? batch)
    {
        long left;
        lock (gate)
        {
            batch = null;
            if (ended)
            {
                return failure is null ? TakeResult.Ended : TakeResult.Failed;
            }

            if (batches.First is not { } first)
            {
                readerWaits = true;
                return failure is null ? TakeResult.Nothing : TakeResult.Failed;
            }

            batch = first.Value;
            batches.RemoveFirst();
            TakenTo = batch.NextOffset;
            left = Release(batch.Bytes);
        }

        owner.Taken(left);
        return TakeResult.Taken;
    }

    /// <summary>The failure that the reader has come to: what was buffered before it is taken first.</summary>
    public Exception? Failure
    {
        get
        {
            lock (gate)
            {
                return batches.Count == 0 ? failure : null;
            }
        }
    }

    /// <summary>Gives a batch to the reader, unless it was fetched before a seek or the lease has ended.</summary>
    public void Offer(RecordBatch<TKey, TValue> batch)
    {
        Action? wake;
        lock (gate)
        {
            if (ended || failure is not null || batch.Generation != generation)
            {
                owner.AddHeld(-batch.Bytes);
                return;
            }

            // Ends without records only move the position: a reader that stalls needs the last of them.
            if (batches.Last is { Value.Records.Length: 0 } last && batch.Records.Length == 0)
            {
                batches.RemoveLast();
                Release(last.Value.Bytes);
            }

            batches.AddLast(batch);
            Volatile.Write(ref bytes, bytes + batch.Bytes);
            wake = WaitingReader();
        }

        wake?.Invoke();
    }

    /// <summary>Ends the reader's stream with an error; the lease stays and can be sought elsewhere.</summary>
    public void Fail(Exception error)
    {
        Action? wake;
        lock (gate)
        {
            if (ended || failure is not null)
            {
                return;
            }

            failure = error;
            readerWaits = true;
            wake = WaitingReader();
        }

        wake?.Invoke();
    }

    /// <summary>Ends the lease: what waits is dropped, and the reader completes.</summary>
    public void End()
    {
        Action? wake;
        lock (gate)
        {
            if (ended)
            {
                return;
            }

            ended = true;
            Clear();
            readerWaits = true;
            wake = WaitingReader();
        }

        wake?.Invoke();
    }

    /// <summary>
    /// Asks the poll thread to move. From here on nothing of the generation before is taken. Returns -1 where ended.
    /// A lease that failed, and that nobody reads or has been offered, counts as offered then: the caller does it.
    /// </summary>
    public int RequestSeek(Offset offset, out bool offerAgain)
    {
        lock (gate)
        {
            offerAgain = false;
            if (ended)
            {
                return -1;
            }

            offerAgain = failure is not null && !hasReader && !isOffered;
            isOffered |= offerAgain;
            failure = null;
            generation++;
            seekTo = offset;
            Clear();
            return generation;
        }
    }

    /// <summary>The first position, unless a seek was asked for meanwhile (which is the later wish).</summary>
    public void RequestStart(Offset offset)
    {
        lock (gate)
        {
            if (generation == 0)
            {
                seekTo = offset;
            }
        }
    }

    /// <summary>Takes the wish of a seek, with the generation that its records will carry.</summary>
    public bool TrySeekTarget(out Offset offset, out int newGeneration)
    {
        lock (gate)
        {
            offset = seekTo ?? Offset.Unset;
            newGeneration = generation;
            return seekTo is not null && !ended;
        }
    }

    /// <summary>The seek was done; another one may have been asked for meanwhile, and stays.</summary>
    public void SeekDone(int doneGeneration)
    {
        lock (gate)
        {
            if (generation == doneGeneration)
            {
                seekTo = null;
            }
        }
    }

    private Action? WaitingReader()
    {
        if (!readerWaits)
        {
            return null;
        }

        readerWaits = false;
        return signal;
    }

    private void Clear()
    {
        Release(bytes);
        batches.Clear();
    }

    private long Release(long released)
    {
        var left = bytes - released;
        Volatile.Write(ref bytes, left);
        owner.AddHeld(-released);
        return left;
    }
}

internal enum TakeResult
{
    Nothing,
    Taken,
    Failed,
    Ended,
}

/// <summary>The loop as its leases see it.</summary>
internal interface ILeaseOwner
{
    /// <summary>Counts bytes held between poll and streams.</summary>
    void AddHeld(long bytes);

    /// <summary>A reader took a batch, and its lease has so many bytes left.</summary>
    void Taken(long bytesLeft);
}
