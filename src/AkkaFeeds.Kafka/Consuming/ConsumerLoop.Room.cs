using System.Diagnostics;
using AkkaFeeds.Kafka.Native;
using Confluent.Kafka;

namespace AkkaFeeds.Kafka.Consuming;

/// <content>
/// Back-pressure. A pause makes librdkafka throw away what it has fetched ahead, so a full buffer first waits for its
/// reader a moment (which is what happens when streams are merely slower than the log), and only then pauses its
/// partition.
/// </content>
internal sealed unsafe partial class ConsumerLoop<TKey, TValue>
{
    /// <summary>How long a full partition holds up the others. Polls are never further apart than this.</summary>
    private static readonly TimeSpan RoomWait = TimeSpan.FromMilliseconds(25);

    /// <summary>What a record takes beside its bytes: its place in the batch's array.</summary>
    private const int RecordOverheadBytes = 64;

    private readonly object wakeGate = new();
    private readonly object roomGate = new();
    private readonly HashSet<PartitionLease<TKey, TValue>> full = [];
    private nint queue;
    private int wakeRequested;
    private volatile bool waitsInPoll;
    private volatile bool wantsRoom;
    private long lowWaterBytes;
    private long bytesHeld;
    private long bytesHeldMax;

    public void AddHeld(long bytes)
    {
        var now = Interlocked.Add(ref bytesHeld, bytes);
        if (bytes > 0 && now > bytesHeldMax)
        {
            bytesHeldMax = now;
        }
    }

    public void Taken(long bytesLeft)
    {
        if (wantsRoom && bytesLeft <= Volatile.Read(ref lowWaterBytes))
        {
            Wake();
        }
    }

    /// <summary>Makes the poll thread look at its wishes, wherever it waits.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref wakeRequested, 1) != 0)
        {
            return;
        }

        lock (roomGate)
        {
            Monitor.PulseAll(roomGate);
        }

        if (waitsInPoll)
        {
            lock (wakeGate)
            {
                if (queue != 0)
                {
                    Poll.Yield(queue);
                }
            }
        }
    }

    // Counting a concurrent dictionary takes all its locks, and this is asked for each record.
    private long ShareBytes => settings.BufferBytes / Math.Max(1, leaseCount);

    private static long BytesOf(NativeMessage* message) =>
        (long)message->KeyLength + (long)message->ValueLength + RecordOverheadBytes;

    private bool Fits(PartitionLease<TKey, TValue> lease, long bytes)
    {
        var own = lease.BytesBuffered + lease.Polled.PendingBytes;
        var all = Interlocked.Read(ref bytesHeld);

        // A record larger than a share, or than everything, must pass some time: when nothing else is in its way.
        return all + bytes <= settings.BufferBytes ? own == 0 || own + bytes <= ShareBytes : all == 0;
    }

    private bool WaitForRoom(PartitionLease<TKey, TValue> lease, long bytes)
    {
        CutAll();
        wantsRoom = true;
        Volatile.Write(ref lowWaterBytes, ShareBytes / 2);
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            // Readers that take something from here on set the signal; what they took before is seen by the check.
            Interlocked.Exchange(ref wakeRequested, 0);
            if (HasRoom(lease, bytes))
            {
                break;
            }

            var left = RoomWait - Stopwatch.GetElapsedTime(started);
            if (left <= TimeSpan.Zero || stopRequested || emissionStopped || lease.TrySeekTarget(out _, out _))
            {
                return false;
            }

            lock (roomGate)
            {
                if (Volatile.Read(ref wakeRequested) == 0)
                {
                    Monitor.Wait(roomGate, left);
                }
            }
        }

        wantsRoom = full.Count > 0;

        // Whatever else was wished meanwhile is served with the next round.
        Volatile.Write(ref wakeRequested, 1);
        return true;
    }

    private bool HasRoom(PartitionLease<TKey, TValue> lease, long bytes) =>
        lease.BytesBuffered <= ShareBytes / 2 && Fits(lease, bytes);

    private void Hold(PartitionLease<TKey, TValue> lease, NativeMessage* message)
    {
        var polled = lease.Polled;
        polled.Held = (nint)message;
        polled.MustSeekOnResume = false;
        full.Add(lease);
        wantsRoom = true;
        pauses++;
        Pause(lease);
        Volatile.Write(ref wakeRequested, 1);
    }

    private void Pause(PartitionLease<TKey, TValue> lease)
    {
        if (!lease.Polled.IsPaused)
        {
            lease.Polled.IsPaused = true;
            consumer.Pause([lease.Partition]);
        }
    }

    private void Resume(PartitionLease<TKey, TValue> lease)
    {
        if (lease.Polled.IsPaused)
        {
            lease.Polled.IsPaused = false;
            consumer.Resume([lease.Partition]);
        }
    }

    private void ResumeWhereThereIsRoom()
    {
        if (full.Count == 0)
        {
            return;
        }

        Volatile.Write(ref lowWaterBytes, ShareBytes / 2);
        foreach (var lease in full.ToArray())
        {
            var message = (NativeMessage*)lease.Polled.Held;
            if (message is null || !HasRoom(lease, BytesOf(message)))
            {
                continue;
            }

            full.Remove(lease);
            lease.Polled.Held = 0;
            var offset = message->Offset;
            Append(lease, message, BytesOf(message));
            Resume(lease);
            if (lease.Polled.MustSeekOnResume)
            {
                consumer.Seek(new TopicPartitionOffset(lease.Partition, offset + 1));
            }
        }

        wantsRoom = full.Count > 0;
    }

    // The one who wakes first sets the wish and then looks whether the thread waits; here it is the other way round.
    private bool EnterWait()
    {
        waitsInPoll = true;
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref wakeRequested) == 0)
        {
            return true;
        }

        waitsInPoll = false;
        return false;
    }

    private void LeaveWait() => waitsInPoll = false;
}
