using System.Text;

namespace AkkaFeeds.Slots.Keys;

/// <summary>Keys of one tenant that begin with a prefix; packed keys are compared in their bytes.</summary>
internal sealed class KeyFilter(string tenant, string prefix)
{
    private readonly byte[] tenantBytes = Encoding.UTF8.GetBytes(tenant);
    private readonly byte[] prefixBytes = Encoding.UTF8.GetBytes(prefix);

    /// <summary>Whether the key is among them.</summary>
    public bool Accepts(KeyEntry entry)
    {
        if (entry.Packed is { } packed)
        {
            var record = KeyRecord.Read(packed);
            return record.Key.StartsWith(prefixBytes) && record.Tenant.SequenceEqual(tenantBytes);
        }

        var name = entry.Name;
        return name.Tenant == tenant && name.Key.StartsWith(prefix, StringComparison.Ordinal);
    }
}
