namespace AkkaFeeds.Clients;

/// <summary>
/// How many keys without a record a tenant watches on this node: such a key costs memory that no record ever paid for.
/// Safe for several threads.
/// </summary>
/// <param name="perConnection">How many one connection may watch.</param>
/// <param name="perTenant">How many all connections of a tenant may watch.</param>
internal sealed class BlankKeys(int perConnection, int perTenant)
{
    private int count;

    /// <summary>Counts one more of a connection that has so many; false where that is too many.</summary>
    public bool TryAdd(int ofConnection)
    {
        if (ofConnection >= perConnection)
        {
            return false;
        }

        if (Interlocked.Increment(ref count) <= perTenant)
        {
            return true;
        }

        Remove(1);
        return false;
    }

    /// <summary>So many are watched no more, or have been made.</summary>
    public void Remove(int number) => Interlocked.Add(ref count, -number);
}
