using AkkaFeeds.Contracts;

namespace AkkaFeeds.Slots.Keys;

/// <summary>
/// One key of a slot. While it is idle its state is kept as the bytes of its last checkpoint and costs no object a
/// field; the
/// first row that touches it decodes them.
/// </summary>
internal sealed class KeyEntry(KeyName name)
{
    private object? state;

    /// <summary>The key.</summary>
    public KeyName Name { get; } = name;

    /// <summary>The Kafka timestamp of its first record that could not be folded, Unix ms; 0 for none.</summary>
    public long QuarantinedSince { get; set; }

    /// <summary>Whether it has changed since the last cut.</summary>
    public bool Dirty { get; set; }

    /// <summary>Whether somebody watches it, and wants to know of every change.</summary>
    public bool IsWatched { get; set; }

    /// <summary>How many cuts have passed since a row last touched it, while it is live.</summary>
    public byte QuietCuts { get; set; }

    /// <summary>Whether a record has made it; a key of which only refused rows have come is listed nowhere.</summary>
    public bool IsMade => state is not null;

    /// <summary>The live state, or null while packed or before the first row.</summary>
    public KeyState? Live => state as KeyState;

    /// <summary>The packed state, or null.</summary>
    public byte[]? Packed => state as byte[];

    /// <summary>Keeps the state as an object.</summary>
    public void Hydrate(KeyState live) => state = live;

    /// <summary>Keeps the state as bytes, which are the entry's from here on.</summary>
    public void Pack(byte[] bytes) => state = bytes;
}
