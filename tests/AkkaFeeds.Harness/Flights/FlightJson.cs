using System.Globalization;
using System.Text.Unicode;

namespace AkkaFeeds.Harness;

/// <summary>A flight as the value of a Kafka record.</summary>
public static class FlightJson
{
    /// <summary>The value in UTF-8, with a date of three decimals and a Z.</summary>
    public static byte[] Write(in Flight flight)
    {
        Span<byte> buffer = stackalloc byte[256];
        Utf8.TryWrite(
            buffer,
            CultureInfo.InvariantCulture,
            $"{{\"date\":\"{flight.Date:yyyy-MM-ddTHH:mm:ss.fffZ}\",\"delay\":{flight.Delay},\"distance\":{flight.Distance},\"origin\":\"{flight.Origin}\",\"destination\":\"{flight.Destination}\",\"flight\":{flight.Number}}}",
            out var written);
        return buffer[..written].ToArray();
    }
}
