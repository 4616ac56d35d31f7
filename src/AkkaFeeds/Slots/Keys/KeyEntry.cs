using AkkaFeeds.Contracts;

namespace AkkaFeeds.Slots.Keys;

/// <summary>
/// One key of a slot. While it is idle its name and its state are one array, the <see cref="KeyRecord"/> of its last
/// checkpoint, and cost no object a field; the first row that touches it decodes them.
/// </summary>
internal sealed class KeyEntry
{
    // The live state, or the record.
    private object state;

    /// <summary>A key with a live state, which has its name.</summary>
    public KeyEntry(KeyState live)
    {
        state = live;
        IsMade = true;
    }

    /// <summary>A key as a checkpoint has it; the bytes are the entry's from here on.</summary>
    public KeyEntry(byte[] record)
    {
        state = record;
        Note(record);
    }

    /// <summary>The Kafka timestamp of its first record that could not be folded, Unix ms; 0 for none.</summary>
    public long QuarantinedSince { get; private set; }

    /// <summary>Whether it has changed since the last cut.</summary>
    public bool Dirty { get; set; }

    /// <summary>Whether somebody watches it, and wants to know of every change.</summary>
    public bool IsWatched { get; set; }

    /// <summary>How many cuts have passed since a row last touched it, while it is live.</summary>
    public byte QuietCuts { get; set; }

    /// <summary>Whether a record has made it; a key of which only refused rows have come is listed nowhere.</summary>
    public bool IsMade { get; private set; }

    /// <summary>The live state, or null while packed or before the first row.</summary>
    public KeyState? Live => state as KeyState;

    /// <summary>The packed key, or null.</summary>
    public byte[]? Packed => state as byte[];

    /// <summary>The key; made anew at each call while it is packed.</summary>
    public KeyName Name => state is KeyState live ? live.Name! : KeyRecord.Read((byte[])state).ToName();

    /// <summary>Whether this is the entry of a key.</summary>
    public bool Is(KeyName name) => state is KeyState live
        ? ReferenceEquals(live.Name, name) || live.Name!.Equals(name)
        : KeyRecord.Read((byte[])state).IsOf(name);

    /// <summary>Whether this is the entry of the key that a record is of.</summary>
    public bool Is(in KeyRecord other)
    {
        if (state is KeyState live)
        {
            return other.IsOf(live.Name!);
        }

        var own = KeyRecord.Read((byte[])state);
        return own.Key.SequenceEqual(other.Key) && own.Tenant.SequenceEqual(other.Tenant);
    }

    /// <summary>Keeps the state as an object, which has the key's name.</summary>
    public void Hydrate(KeyState live)
    {
        state = live;
        IsMade = true;
    }

    /// <summary>Keeps name and state as bytes, which are the entry's from here on.</summary>
    public void Pack(byte[] record)
    {
        state = record;
        Note(record);
    }

    /// <summary>Notes that the key misses a record.</summary>
    public void Quarantine(long since)
    {
        QuarantinedSince = since;
        if (state is byte[] record)
        {
            KeyRecord.SetQuarantinedSince(record, since);
        }
    }

    private void Note(byte[] bytes)
    {
        var record = KeyRecord.Read(bytes);
        QuarantinedSince = record.QuarantinedSince;
        IsMade = record.State.Length > 0;
    }
}
