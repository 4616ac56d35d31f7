namespace AkkaFeeds.Harness;

/// <summary>One flight of the data set.</summary>
/// <param name="Number">Counted from 0, in the order of the file.</param>
/// <param name="Date">UTC.</param>
/// <param name="Delay">Minutes, may be negative.</param>
/// <param name="Distance">Miles.</param>
/// <param name="Origin">Three letters.</param>
/// <param name="Destination">Three letters.</param>
public readonly record struct Flight(
    int Number, DateTime Date, long Delay, long Distance, string Origin, string Destination);
