namespace AkkaFeeds.Harness;

/// <summary>What the flights feed has to show for one origin.</summary>
/// <param name="Key">The origin.</param>
/// <param name="Departures">How many flights.</param>
/// <param name="Delayed">How many of them with a delay above 15.</param>
/// <param name="MeanDelay">Minutes.</param>
/// <param name="Worst">The greatest delay.</param>
/// <param name="Best">The least delay.</param>
/// <param name="TotalDistance">Miles.</param>
/// <param name="Destinations">How many different ones.</param>
/// <param name="LastDate">The newest date, three decimals and a Z.</param>
/// <param name="Top">The five destinations with the most flights: by count, then by name.</param>
public sealed record FlightView(
    string Key, long Departures, long Delayed, double MeanDelay, long Worst, long Best, long TotalDistance,
    long Destinations, string LastDate, IReadOnlyList<KeyValuePair<string, long>> Top);
