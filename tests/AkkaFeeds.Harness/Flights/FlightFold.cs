using System.Globalization;
using System.Runtime.InteropServices;

namespace AkkaFeeds.Harness;

/// <summary>
/// The plain fold of flights by origin: the check of the product, so it shares nothing with it. One owner, no thread
/// safety.
/// </summary>
public sealed class FlightFold
{
    private const int TopCount = 5;
    private const int DelayedAboveMinutes = 15;

    private readonly Dictionary<string, Origin> origins = new(StringComparer.Ordinal);

    /// <summary>Folds the first <paramref name="count"/> flights of the file.</summary>
    public static async Task<IReadOnlyDictionary<string, FlightView>> OfFirstAsync(
        int count, CancellationToken cancellation = default)
    {
        var fold = new FlightFold();
        await foreach (var flights in FlightsFile.ReadAsync(count, cancellation))
        {
            foreach (ref readonly var flight in flights.Span)
            {
                fold.Add(flight);
            }
        }

        return fold.Views();
    }

    /// <summary>Counts one flight.</summary>
    public void Add(in Flight flight)
    {
        ref var origin = ref CollectionsMarshal.GetValueRefOrAddDefault(origins, flight.Origin, out _);
        origin ??= new Origin();
        origin.Departures++;
        origin.Delayed += flight.Delay > DelayedAboveMinutes ? 1 : 0;
        origin.DelaySum += flight.Delay;
        origin.Worst = Math.Max(origin.Worst, flight.Delay);
        origin.Best = Math.Min(origin.Best, flight.Delay);
        origin.Distance += flight.Distance;
        origin.Last = flight.Date > origin.Last ? flight.Date : origin.Last;
        CollectionsMarshal.GetValueRefOrAddDefault(origin.ByDestination, flight.Destination, out _)++;
    }

    /// <summary>The views so far, by origin.</summary>
    public IReadOnlyDictionary<string, FlightView> Views()
    {
        var views = new Dictionary<string, FlightView>(StringComparer.Ordinal);
        foreach (var (name, origin) in origins)
        {
            views.Add(name, View(name, origin));
        }

        return views;
    }

    private static FlightView View(string name, Origin origin)
    {
        var ranked = new List<KeyValuePair<string, long>>(origin.ByDestination);
        ranked.Sort((left, right) => left.Value != right.Value
            ? right.Value.CompareTo(left.Value)
            : string.CompareOrdinal(left.Key, right.Key));
        return new(
            name, origin.Departures, origin.Delayed, origin.DelaySum / (double)origin.Departures, origin.Worst,
            origin.Best, origin.Distance, origin.ByDestination.Count,
            origin.Last.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
            ranked.GetRange(0, Math.Min(TopCount, ranked.Count)));
    }

    private sealed class Origin
    {
        public long Departures { get; set; }

        public long Delayed { get; set; }

        public long DelaySum { get; set; }

        public long Worst { get; set; } = long.MinValue;

        public long Best { get; set; } = long.MaxValue;

        public long Distance { get; set; }

        public DateTime Last { get; set; }

        public Dictionary<string, long> ByDestination { get; } = new(StringComparer.Ordinal);
    }
}
