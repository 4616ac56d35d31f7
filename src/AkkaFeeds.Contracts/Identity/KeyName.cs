using System.Runtime.CompilerServices;
using System.Text;

namespace AkkaFeeds.Contracts;

/// <summary>
/// The identity of a key inside a feed: (tenant, key). It carries its hash, so that neither the lane nor the slot
/// hashes twice.
/// </summary>
public sealed class KeyName : IEquatable<KeyName>
{
    /// <summary>The most UTF-8 bytes a key may have.</summary>
    public const int BytesMax = 512;

    /// <summary>Makes a name; the caller has checked that <paramref name="key"/> is possible.</summary>
    public KeyName(string tenant, string key)
    {
        Tenant = tenant;
        Key = key;
        Hash = HashOf(tenant, key);
    }

    /// <summary>The tenant; <c>""</c> is the single tenant.</summary>
    public string Tenant { get; }

    /// <summary>The key: 1 to 512 bytes of well-formed UTF-8 without NUL.</summary>
    public string Key { get; }

    /// <summary>Kafka's murmur2 of tenant, 0x00, key (of the key alone for tenant <c>""</c>), made positive.</summary>
    public int Hash { get; }

    /// <summary>The slot that owns this key, from 0 to <paramref name="slots"/> exclusive.</summary>
    public int SlotOf(int slots) => Hash % slots;

    /// <summary>
    /// Whether <paramref name="key"/> can be a key: 1 to 512 bytes of well-formed UTF-8 without NUL.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool IsPossible(string key)
    {
        if (key.Length is 0 or > BytesMax || key.Contains('\0'))
        {
            return false;
        }

        for (var index = 0; index < key.Length; index++)
        {
            if (!char.IsSurrogate(key[index]))
            {
                continue;
            }

            if (index + 1 >= key.Length || !char.IsSurrogatePair(key[index], key[index + 1]))
            {
                return false;
            }

            index++;
        }

        return Encoding.UTF8.GetByteCount(key) <= BytesMax;
    }

    /// <inheritdoc/>
    public bool Equals(KeyName? other) =>
        other is not null && Hash == other.Hash && Key == other.Key && Tenant == other.Tenant;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as KeyName);

    /// <inheritdoc/>
    public override int GetHashCode() => Hash;

    /// <inheritdoc/>
    public override string ToString() => Tenant.Length == 0 ? Key : $"{Tenant}/{Key}";

    /// <summary><see cref="Hash"/> of a name whose parts are in UTF-8.</summary>
    public static int HashOf(ReadOnlySpan<byte> tenant, ReadOnlySpan<byte> key)
    {
        if (tenant.IsEmpty)
        {
            return Murmur2.Positive(key);
        }

        var length = tenant.Length + 1 + key.Length;
        Span<byte> bytes = length <= 4096 ? stackalloc byte[length] : new byte[length];
        tenant.CopyTo(bytes);
        bytes[tenant.Length] = 0;
        key.CopyTo(bytes[(tenant.Length + 1)..]);
        return Murmur2.Positive(bytes);
    }

    private static int HashOf(string tenant, string key)
    {
        // Four bytes a character bound the UTF-8; tenants come from tokens and are as short as keys.
        var bytesMax = Encoding.UTF8.GetMaxByteCount(tenant.Length + key.Length) + 1;
        Span<byte> bytes = bytesMax <= 4096 ? stackalloc byte[bytesMax] : new byte[bytesMax];
        var count = 0;
        if (tenant.Length > 0)
        {
            count = Encoding.UTF8.GetBytes(tenant, bytes);
            bytes[count++] = 0;
        }

        count += Encoding.UTF8.GetBytes(key, bytes[count..]);
        return Murmur2.Positive(bytes[..count]);
    }
}
