namespace AkkaFeeds.Harness;

/// <summary>
/// Reads from the first bytes of a connection between two nodes who opened it: Akka's handshake names the address.
/// </summary>
public static class AkkaOrigin
{
    private const byte PortTag = 0x18;

    /// <summary>The port of the node that opened the connection, as text; null where the bytes do not say.</summary>
    public static string? Read(ReadOnlySpan<byte> bytes)
    {
        var host = "127.0.0.1"u8;
        var at = bytes.IndexOf(host);
        if (at < 0 || at + host.Length + 1 >= bytes.Length || bytes[at + host.Length] != PortTag)
        {
            return null;
        }

        long port = 0;
        var shift = 0;
        for (var index = at + host.Length + 1; index < bytes.Length && shift < 35; index++, shift += 7)
        {
            port |= (long)(bytes[index] & 0x7F) << shift;
            if ((bytes[index] & 0x80) == 0)
            {
                return port.ToString(System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        return null;
    }
}
