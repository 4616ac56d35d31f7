using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using AkkaFeeds.Kafka.Committing;
using AkkaFeeds.Kafka.Native;
using Confluent.Kafka;

namespace AkkaFeeds.Kafka.Consuming;

/// <summary>
/// One consumer and its poll thread, which never stops polling. It owns the leases: each record goes to the lease of
/// its
/// partition, or nowhere. Streams take batches from the leases; the thread is woken when one has room again.
/// </summary>
internal sealed unsafe partial class ConsumerLoop<TKey, TValue> : ILeaseOwner, ICommitTarget
{
    private const int RecordsPerRound = 256;
    private const int IdlePollMilliseconds = 100;
    private static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(2);

    private readonly ConsumerSettings<TKey, TValue> settings;
    private readonly ISubscription subscription;
    private readonly IPartitionEventHandler handler;
    private readonly bool drainsByItself;
    private readonly OffsetsOnAssign? offsetsOnAssign;
    private readonly BatchCutter<TKey, TValue> cutter;
    private readonly CommitWorker commits;
    private readonly PollWatch watch = new();
    private readonly ConcurrentDictionary<TopicPartition, PartitionLease<TKey, TValue>> leases = new();
    private readonly HashSet<PartitionLease<TKey, TValue>> dirty = [];
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private IConsumer<byte[], byte[]> consumer = null!;
    private nint client;
    private LoopListener<TKey, TValue>? listener;
    private Thread? thread;
    private Exception? failure;
    private Error? fatal;
    private volatile bool stopRequested;
    private volatile bool emissionStopped;
    private long leaseCounter;
    private int leaseCount;
    private nint lastTopic;
    private int lastPartition;
    private PartitionLease<TKey, TValue>? lastLease;

    public ConsumerLoop(
        ConsumerSettings<TKey, TValue> settings, ISubscription subscription, IPartitionEventHandler? handler,
        OffsetsOnAssign? offsetsOnAssign)
    {
        this.settings = settings;
        this.subscription = subscription;
        var given = handler ?? (subscription as TopicSubscription)?.Handler;
        this.handler = given ?? new PartitionEventHandler(null, null);
        drainsByItself = given is null;
        this.offsetsOnAssign = offsetsOnAssign;
        cutter = new(
            FieldReader<TKey>.For(settings.KeyDeserializer), FieldReader<TValue>.For(settings.ValueDeserializer));
        commits = new(this, settings.CommitRetries);
    }

    public CommitWorker Commits => commits;

    public Task Closed => closed.Task;

    /// <summary>Whether what is emitted is to be committed by the stream.</summary>
    public bool ExpectsCommits { get; set; }

    public string GroupId => settings.Properties.GetValueOrDefault("group.id", "");

    public bool HasReaders => leases.Values.Any(each => each.HasReader);

    public PartitionLease<TKey, TValue>? LeaseOf(TopicPartition partition) => leases.GetValueOrDefault(partition);

    /// <summary>Starts the thread, which makes the consumer.</summary>
    public void Start(LoopListener<TKey, TValue> stage)
    {
        listener = stage;
        thread = new Thread(Run) { IsBackground = true, Name = $"kafka-poll {GroupId}" };
        thread.Start();
    }

    /// <summary>Ends the thread and closes the consumer; <see cref="Closed"/> says when.</summary>
    public void RequestShutdown()
    {
        stopRequested = true;
        if (thread is null)
        {
            closed.TrySetResult();
        }

        Wake();
    }

    /// <summary>Emits nothing from now on; commits still work.</summary>
    public void StopEmission()
    {
        emissionStopped = true;
        foreach (var each in leases.Values)
        {
            each.End();
        }

        Wake();
    }

    private void Run()
    {
        try
        {
            Open();
            while (!stopRequested && fatal is null)
            {
                Round();
            }

            failure = fatal is { } error && !stopRequested ? new KafkaFatalException(error) : null;
        }
        catch (Exception error)
        {
            // The thread's edge: the stream fails with it instead of the process.
            failure = error;
        }

        Close();
    }

    private void Open()
    {
        consumer = BuildConsumer();
        client = Librdkafka.HandleOf(consumer);
        lock (wakeGate)
        {
            queue = Poll.ConsumerQueue(client);
        }

        switch (subscription)
        {
            case TopicSubscription topics:
                consumer.Subscribe(topics.Topics);
                break;
            case AssignedSubscription assigned:
                consumer.Assign(assigned.Partitions);
                AddLeases(assigned.Partitions.Select(each => each.TopicPartition), positioned: true);
                break;
            default:
                throw new InvalidOperationException($"{subscription.GetType()} was not made by Subscriptions");
        }
    }

    // One round ends when the queue is empty, or after a few milliseconds, so that a batch never waits longer than
    // that.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Round()
    {
        watch.Beat();
        ServeWishes();
        var started = Stopwatch.GetTimestamp();
        while (!stopRequested)
        {
            for (var count = 0; count < RecordsPerRound; count++)
            {
                var message = Poll.Next(client, 0);
                ServeRebalance();
                if (message is null)
                {
                    CutAll();
                    WaitForMessage();
                    return;
                }

                Accept(message);
            }

            if (Stopwatch.GetElapsedTime(started) > RoundTime)
            {
                CutAll();
                return;
            }
        }
    }

    private void WaitForMessage()
    {
        watch.Beat();
        if (!EnterWait())
        {
            return;
        }

        var message = Poll.Next(client, leasesToRetry > 0 ? IdlePollMilliseconds / 10 : IdlePollMilliseconds);
        LeaveWait();
        watch.Beat();
        ServeRebalance();
        if (message is not null)
        {
            Accept(message);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Accept(NativeMessage* message)
    {
        var lease = Find(message);
        if (message->Error != 0)
        {
            AcceptEvent(lease, message);
            Poll.Destroy(message);
            return;
        }

        if (lease is null || emissionStopped || lease.Polled.IsPositioning
            || message->Offset < lease.Polled.NextOffset)
        {
            Drop(message);
            return;
        }

        var polled = lease.Polled;
        if (polled.Held != 0)
        {
            // librdkafka promises not to deliver behind a pause; should it do so, resuming goes back to the held
            // record.
            polled.MustSeekOnResume = true;
            Drop(message);
            return;
        }

        var bytes = BytesOf(message);
        if (!Fits(lease, bytes) && !WaitForRoom(lease, bytes))
        {
            Hold(lease, message);
            return;
        }

        Append(lease, message, bytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Append(PartitionLease<TKey, TValue> lease, NativeMessage* message, long bytes)
    {
        var polled = lease.Polled;
        polled.Add(message, bytes);
        polled.NextOffset = message->Offset + 1;
        AddHeld(bytes);
        recordsRead++;
        if (polled.PendingCount >= settings.BatchRecords)
        {
            Cut(lease, false);
        }
        else if (polled.PendingCount == 1)
        {
            dirty.Add(lease);
        }
    }

    private void AcceptEvent(PartitionLease<TKey, TValue>? lease, NativeMessage* message)
    {
        var usable = lease is not null && !lease.Polled.IsPositioning && !emissionStopped;
        switch (message->Error)
        {
            case NativeErrors.PartitionEnd:
                if (usable && message->Offset >= lease!.Polled.NextOffset)
                {
                    lease.Polled.NextOffset = message->Offset;
                    Cut(lease, true);
                }

                break;
            case NativeErrors.OffsetOutOfRange or NativeErrors.AutoOffsetReset:
                if (usable)
                {
                    OffsetIsOutOfRange(lease!, message->Offset);
                }

                break;
            case NativeErrors.Fatal:
                fatal = new Error(ErrorCode.Local_Fatal, "see the client's error event", true);
                break;
            default:
                var error = new Error((ErrorCode)message->Error);
                Tell(events =>
                {
                    if (lease is null)
                    {
                        events.OnError(error);
                    }
                    else
                    {
                        events.OnPartitionError(lease.Partition, error);
                    }
                });
                break;
        }
    }

    private void OffsetIsOutOfRange(PartitionLease<TKey, TValue> lease, long reported)
    {
        var offset = reported >= 0 ? reported : lease.Polled.NextOffset;
        Cut(lease, false);
        Tell(events => events.OnOffsetOutOfRange(lease.Partition, offset));
        lease.Fail(new OffsetOutOfRangeException(lease.Partition, offset));
    }

    private void CutAll()
    {
        foreach (var lease in dirty)
        {
            Cut(lease, false, keepDirty: true);
        }

        dirty.Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Cut(PartitionLease<TKey, TValue> lease, bool endReached, bool keepDirty = false)
    {
        var polled = lease.Polled;
        if (!keepDirty)
        {
            dirty.Remove(lease);
        }

        if (polled.PendingCount == 0 && !endReached)
        {
            return;
        }

        KafkaRecord<TKey, TValue>[] records;
        var bytes = polled.PendingBytes;
        try
        {
            records = cutter.Cut(lease.Partition, polled.Pending);
        }
        catch (RecordDeserializationException error)
        {
            AddHeld(-bytes);
            polled.DropPending();
            lease.Fail(error);
            return;
        }

        polled.DropPending();
        if (records.Length == 0)
        {
            bytes = RecordOverheadBytes;
            AddHeld(bytes);
        }
        else
        {
            polled.LeaderEpoch = records[^1].LeaderEpoch;
        }

        var position = new BatchPosition(
            polled.NextOffset, polled.LeaderEpoch, endReached, LogEnd(lease, endReached), bytes);
        lease.Offer(new(lease.Partition, lease.Number, polled.Generation, records, position));
    }

    private long LogEnd(PartitionLease<TKey, TValue> lease, bool endReached)
    {
        var next = lease.Polled.NextOffset;
        return !endReached
            && Poll.Watermarks(
                client, lease.Partition.Topic, lease.Partition.Partition.Value, out _, out var high) == 0
            ? Math.Max(high, next)
            : next;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private PartitionLease<TKey, TValue>? Find(NativeMessage* message)
    {
        if (message->Topic == 0)
        {
            return null;
        }

        if (message->Topic != lastTopic || message->Partition != lastPartition || lastLease is null)
        {
            // The pointer of a topic is only compared with that of the record before, whose topic was in use: the
            // assignment's changes forget it, because a topic that is freed may leave its address to another one.
            lastTopic = message->Topic;
            lastPartition = message->Partition;
            lastLease = leases.GetValueOrDefault(new(Poll.TopicName(message->Topic), message->Partition));
        }

        return lastLease;
    }

    private void Drop(NativeMessage* message)
    {
        recordsDropped++;
        Poll.Destroy(message);
    }
}

/// <summary>The offsets to start from, asked for when partitions are assigned.</summary>
internal delegate Task<System.Collections.Immutable.IImmutableSet<TopicPartitionOffset>> OffsetsOnAssign(
    System.Collections.Immutable.IImmutableSet<TopicPartition> partitions);
