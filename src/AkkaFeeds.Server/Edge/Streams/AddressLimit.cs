using System.Net;
using System.Net.Sockets;

namespace AkkaFeeds.Server.Edge.Streams;

/// <summary>
/// How many streams one address has at once. An address is what the connection comes from; of IPv6 its first half,
/// because who has one has all of that half. Safe for several threads.
/// </summary>
/// <param name="most">How many; 0 for any number.</param>
internal sealed class AddressLimit(int most)
{
    /// <summary>When to come back: a place is free when another of the address's streams ends.</summary>
    public const int RetryAfterMilliseconds = 5_000;

    private const int NetworkBytes = 8;

    private readonly Lock gate = new();
    private readonly Dictionary<IPAddress, int> counts = [];

    /// <summary>How many addresses have streams.</summary>
    public int Addresses
    {
        get
        {
            lock (gate)
            {
                return counts.Count;
            }
        }
    }

    /// <summary>Takes a place, which is given back when the result is disposed; null where none is free.</summary>
    /// <param name="address">Where the connection comes from; null where it has no address.</param>
    public IDisposable? TryEnter(IPAddress? address)
    {
        if (most == 0 || address is null)
        {
            return new Place(null, IPAddress.None);
        }

        var network = NetworkOf(address);
        lock (gate)
        {
            var count = counts.GetValueOrDefault(network);
            if (count >= most)
            {
                return null;
            }

            counts[network] = count + 1;
            return new Place(this, network);
        }
    }

    private static IPAddress NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new IPAddress(bytes);
    }

    private void Leave(IPAddress network)
    {
        lock (gate)
        {
            if (--counts[network] == 0)
            {
                counts.Remove(network);
            }
        }
    }

    private sealed class Place(AddressLimit? owner, IPAddress network) : IDisposable
    {
        private AddressLimit? owner = owner;

        public void Dispose() => Interlocked.Exchange(ref owner, null)?.Leave(network);
    }
}
