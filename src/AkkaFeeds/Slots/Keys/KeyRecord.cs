using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Slots.Keys;

/// <summary>
/// One key as a checkpoint has it: tenant and key, each behind its length (32 bits, little-endian), since when it
/// misses a record (64 bits, Unix ms, 0 for never), and its state behind its length (0 where no record has made it
/// yet). An idle key is kept in these very bytes: its name costs no object, and a recovery makes no string.
/// </summary>
internal readonly ref struct KeyRecord
{
    private const int LengthBytes = sizeof(int);
    private const int SinceBytes = sizeof(long);

    private KeyRecord(
        ReadOnlySpan<byte> tenant, ReadOnlySpan<byte> key, long quarantinedSince, ReadOnlySpan<byte> state)
    {
        Tenant = tenant;
        Key = key;
        QuarantinedSince = quarantinedSince;
        State = state;
    }

    /// <summary>The tenant, in UTF-8.</summary>
    public ReadOnlySpan<byte> Tenant { get; }

    /// <summary>The key, in UTF-8.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>Since when the key misses a record, Unix ms; 0 for never.</summary>
    public long QuarantinedSince { get; }

    /// <summary>The encoded state; empty where no record has made the key.</summary>
    public ReadOnlySpan<byte> State { get; }

    /// <summary>How many bytes it takes in all.</summary>
    public int Length => Tenant.Length + Key.Length + State.Length + (3 * LengthBytes) + SinceBytes;

    /// <summary>Reads the record that <paramref name="bytes"/> begin with.</summary>
    /// <exception cref="InvalidDataException">The bytes end inside it.</exception>
    public static KeyRecord Read(ReadOnlySpan<byte> bytes)
    {
        var tenant = Take(ref bytes);
        var key = Take(ref bytes);
        if (bytes.Length < SinceBytes)
        {
            throw Short(bytes.Length);
        }

        var since = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        bytes = bytes[SinceBytes..];
        return new KeyRecord(tenant, key, since, Take(ref bytes));
    }

    /// <summary>The bytes of a key alone.</summary>
    public static byte[] Of(KeyName name, long quarantinedSince, ReadOnlySpan<byte> state)
    {
        var tenantBytes = Encoding.UTF8.GetByteCount(name.Tenant);
        var keyBytes = Encoding.UTF8.GetByteCount(name.Key);
        var bytes = new byte[tenantBytes + keyBytes + state.Length + (3 * LengthBytes) + SinceBytes];
        Fill(bytes, name, quarantinedSince, state);
        return bytes;
    }

    /// <summary>Writes a key.</summary>
    public static void Write(
        IBufferWriter<byte> writer, KeyName name, long quarantinedSince, ReadOnlySpan<byte> state)
    {
        var most = Encoding.UTF8.GetMaxByteCount(name.Tenant.Length + name.Key.Length);
        var span = writer.GetSpan(most + state.Length + (3 * LengthBytes) + SinceBytes);
        writer.Advance(Fill(span, name, quarantinedSince, state));
    }

    /// <summary>Notes in the bytes of a key since when it misses a record.</summary>
    public static void SetQuarantinedSince(Span<byte> bytes, long since)
    {
        var record = Read(bytes);
        var at = (2 * LengthBytes) + record.Tenant.Length + record.Key.Length;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[at..], since);
    }

    /// <summary>Whether this is the record of a key.</summary>
    public bool IsOf(KeyName name) => IsText(Key, name.Key) && IsText(Tenant, name.Tenant);

    /// <summary>The key's name, as objects.</summary>
    public KeyName ToName() => new(Encoding.UTF8.GetString(Tenant), Encoding.UTF8.GetString(Key));

    private static int Fill(Span<byte> bytes, KeyName name, long quarantinedSince, ReadOnlySpan<byte> state)
    {
        var at = Text(bytes, name.Tenant);
        at += Text(bytes[at..], name.Key);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[at..], quarantinedSince);
        at += SinceBytes;
        BinaryPrimitives.WriteInt32LittleEndian(bytes[at..], state.Length);
        at += LengthBytes;
        state.CopyTo(bytes[at..]);
        return at + state.Length;
    }

    private static int Text(Span<byte> bytes, string text)
    {
        var count = Encoding.UTF8.GetBytes(text, bytes[LengthBytes..]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, count);
        return LengthBytes + count;
    }

    // As many bytes as characters are ASCII, or another text: nearly all names are compared without encoding them.
    private static bool IsText(ReadOnlySpan<byte> utf8, string text) => utf8.Length == text.Length
        ? Ascii.Equals(utf8, text)
        : utf8.Length > text.Length && IsEncoded(utf8, text);

    private static bool IsEncoded(ReadOnlySpan<byte> utf8, string text)
    {
        Span<byte> encoded = stackalloc byte[KeyName.BytesMax];
        return Encoding.UTF8.TryGetBytes(text, encoded, out var count)
            ? utf8.SequenceEqual(encoded[..count])
            : utf8.SequenceEqual(Encoding.UTF8.GetBytes(text));
    }

    private static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < LengthBytes || BinaryPrimitives.ReadUInt32LittleEndian(bytes) > bytes.Length - LengthBytes)
        {
            throw Short(bytes.Length);
        }

        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        var taken = bytes.Slice(LengthBytes, count);
        bytes = bytes[(LengthBytes + count)..];
        return taken;
    }

    private static InvalidDataException Short(int left) =>
        new($"a checkpoint ends inside a key, {left} bytes before its end");
}
