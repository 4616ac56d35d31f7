using System.Globalization;
using System.Text.Unicode;

namespace AkkaFeeds.Server.Demo;

/// <summary>The sample as an endless series of records: after the last flight the first follows, as many days later as
/// the sample covers.</summary>
internal sealed class FlightRecords(FlightSample sample)
{
    private const int BytesMax = 320;

    /// <summary>After so many rounds the years begin again: a calendar has an end, and a replay need not have
    /// one.</summary>
    private const int RoundsMax = 50_000;

    /// <summary>The key of a record: its origin.</summary>
    public byte[] Key(long index) => At(index).Route.Key;

    /// <summary>The value of a record: JSON in UTF-8.</summary>
    /// <param name="index">Counts from 0.</param>
    /// <param name="date">The event time.</param>
    public byte[] Value(long index, DateTimeOffset date)
    {
        var flight = At(index);
        var recorded = flight.Recorded + (index / sample.Flights.Count % RoundsMax * sample.Span);
        Span<byte> buffer = stackalloc byte[BytesMax];
        Utf8.TryWrite(
            buffer,
            CultureInfo.InvariantCulture,
            $"{{\"flight\":{index},\"date\":\"{date.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}\",\"recorded\":\"{recorded.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}\",\"delay\":{flight.Delay},\"distance\":{flight.Route.Distance},\"origin\":\"{flight.Route.Origin}\",\"destination\":\"{flight.Route.Destination}\"}}",
            out var written);
        return buffer[..written].ToArray();
    }

    private SampleFlight At(long index) => sample.Flights[(int)(index % sample.Flights.Count)];
}
