using System.Buffers;

namespace AkkaFeeds.Contracts;

/// <summary>What a relay shows of a key at one instant: the newest version it has, and how fresh it is.</summary>
public sealed class KeyView
{
    private byte[]? snapshot;
    private byte[]? state;

    /// <summary>Puts the two together.</summary>
    /// <param name="name">The key.</param>
    /// <param name="newest">The newest version; null while the slot has not told any.</param>
    /// <param name="freshness">The state.</param>
    /// <param name="read">How far the slot of this incarnation has read; null while it has not told.</param>
    public KeyView(FrameName name, ViewVersion? newest, FreshnessStatus freshness, ReadPositions? read)
    {
        Name = name;
        Newest = newest;
        Freshness = freshness;
        Read = read;
    }

    /// <summary>The key.</summary>
    public FrameName Name { get; }

    /// <summary>The newest version; null while the slot has not told any.</summary>
    public ViewVersion? Newest { get; }

    /// <summary>The state.</summary>
    public FreshnessStatus Freshness { get; }

    /// <summary>How far the slot of this incarnation has read; null while it has not told.</summary>
    public ReadPositions? Read { get; }

    /// <summary>
    /// The snapshot frame of all fields up to its cause, which <see cref="KeyFrames.EndSnapshot"/> adds.
    /// </summary>
    public ReadOnlyMemory<byte> Snapshot()
    {
        // Two threads may both encode it: they make the same bytes.
        if (snapshot is not { } known)
        {
            var buffer = new ArrayBufferWriter<byte>(512);
            KeyFrames.BeginSnapshot(this, null, buffer);
            snapshot = known = buffer.WrittenSpan.ToArray();
        }

        return known;
    }

    /// <summary>The state frame.</summary>
    public ReadOnlyMemory<byte> State()
    {
        if (state is not { } known)
        {
            var buffer = new ArrayBufferWriter<byte>(256);
            KeyFrames.WriteState(Name, Freshness, buffer);
            state = known = buffer.WrittenSpan.ToArray();
        }

        return known;
    }
}
