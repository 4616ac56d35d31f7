namespace AkkaFeeds.Server.Demo;

/// <summary>A flight of the sample.</summary>
/// <param name="Recorded">Its instant in the data set.</param>
/// <param name="Delay">Minutes, may be negative.</param>
/// <param name="Route">Where from and where to.</param>
internal readonly record struct SampleFlight(DateTimeOffset Recorded, int Delay, SampleRoute Route);

/// <summary>A way between two airports.</summary>
/// <param name="Origin">The airport's code.</param>
/// <param name="Destination">The airport's code.</param>
/// <param name="Distance">Miles.</param>
internal sealed record SampleRoute(string Origin, string Destination, int Distance)
{
    /// <summary>The origin as the key of a record.</summary>
    public byte[] Key { get; } = System.Text.Encoding.UTF8.GetBytes(Origin);
}
