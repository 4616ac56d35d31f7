using System.Globalization;
using System.Text.Unicode;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Load;

/// <summary>
/// The record of the benchmark: a real flight, with an aircraft's number for many keys, as 183 bytes of JSON.
/// </summary>
internal static class IngestRecord
{
    public const int Bytes = 183;

    /// <summary>A whole period of the multiplier visits each number once, far apart.</summary>
    private const long Stride = 48_271;

    /// <summary>The value of a Kafka record.</summary>
    public static byte[] Write(in Flight flight, int keys)
    {
        Span<byte> buffer = stackalloc byte[256];
        Utf8.TryWrite(
            buffer,
            CultureInfo.InvariantCulture,
            $"{{\"date\":\"{flight.Date:yyyy-MM-ddTHH:mm:ss.fffZ}\",\"delay\":{flight.Delay},\"distance\":{flight.Distance},\"origin\":\"{flight.Origin}\",\"destination\":\"{flight.Destination}\",\"flight\":{flight.Number},\"tail\":\"{Tail(flight, keys)}\",\"remark\":\"",
            out var written);
        buffer[written..(Bytes - 2)].Fill((byte)'.');
        "\"}"u8.CopyTo(buffer[(Bytes - 2)..]);
        return buffer[..Bytes].ToArray();
    }

    /// <summary>The key that the feed groups by.</summary>
    public static string Key(in Flight flight, int keys) => keys == IngestTopic.OriginKeys ? flight.Origin
        : Tail(flight, keys);

    /// <summary>The field that holds it.</summary>
    public static string KeyField(int keys) => keys == IngestTopic.OriginKeys ? "origin" : "tail";

    private static string Tail(in Flight flight, int keys) =>
        string.Create(CultureInfo.InvariantCulture, $"N{flight.Number * Stride % keys:D6}");
}
