using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Decoding;

namespace AkkaFeeds.Definitions.Compilation;

/// <summary>
/// Gives the same <see cref="KeyName"/> for the same tenant and key, so that keys that repeat cost neither garbage
/// nor a hash of
/// Kafka's. Of a fixed size: a newer name takes the place of an older one. For one thread.
/// </summary>
internal sealed class KeyNameCache
{
    private const int Bits = 15;

    private readonly KeyName?[] entries = new KeyName?[1 << Bits];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public KeyName Get(string tenant, string key)
    {
        var hash = StringCache.Hash(MemoryMarshal.AsBytes(key.AsSpan()));
        if (tenant.Length > 0)
        {
            hash ^= StringCache.Hash(MemoryMarshal.AsBytes(tenant.AsSpan())) * 31;
        }

        ref var entry = ref entries[hash >> (64 - Bits)];
        if (entry is { } name
            && (ReferenceEquals(name.Key, key) || name.Key == key)
            && (ReferenceEquals(name.Tenant, tenant) || name.Tenant == tenant))
        {
            return name;
        }

        return entry = new KeyName(tenant, key);
    }
}
