using AkkaFeeds.Kafka.Native;

namespace AkkaFeeds.Kafka.Consuming;

/// <summary>
/// What the poll thread alone knows of a lease: the native messages that are not in a batch yet, and the position.
/// </summary>
internal sealed unsafe class PollState
{
    private nint[] pending = new nint[16];

    public int PendingCount { get; private set; }

    public long PendingBytes { get; private set; }

    /// <summary>Where the next record is expected at least; a lower one is a repetition and is dropped.</summary>
    public long NextOffset { get; set; }

    public int LeaderEpoch { get; set; } = -1;

    /// <summary>The generation of the records that are polled now.</summary>
    public int Generation { get; set; }

    /// <summary>Whether records are dropped until a seek is done.</summary>
    public bool IsPositioning { get; set; }

    public bool IsPaused { get; set; }

    public int SeekAttempts { get; set; }

    /// <summary>The record that found the buffer full; the partition is paused behind it.</summary>
    public nint Held { get; set; }

    /// <summary>
    /// Whether something was polled behind the held record in spite of the pause, so that resuming must seek.
    /// </summary>
    public bool MustSeekOnResume { get; set; }

    public ReadOnlySpan<nint> Pending => pending.AsSpan(0, PendingCount);

    public void Add(NativeMessage* message, long bytes)
    {
        if (PendingCount == pending.Length)
        {
            Array.Resize(ref pending, pending.Length * 2);
        }

        pending[PendingCount++] = (nint)message;
        PendingBytes += bytes;
    }

    /// <summary>Gives the pending messages back to librdkafka.</summary>
    public void DropPending()
    {
        foreach (var each in Pending)
        {
            Poll.Destroy((NativeMessage*)each);
        }

        PendingCount = 0;
        PendingBytes = 0;
    }

    public void DropHeld()
    {
        if (Held != 0)
        {
            Poll.Destroy((NativeMessage*)Held);
            Held = 0;
        }
    }
}
