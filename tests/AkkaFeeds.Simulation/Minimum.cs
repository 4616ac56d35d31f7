namespace AkkaFeeds.Simulation;

/// <summary>How often a thing has to happen before a run without a violation means something.</summary>
internal static class Minimum
{
    /// <summary>The least count for a run of this many seeds.</summary>
    public static long Of(Happening happening, int seeds) => 0 * seeds * (int)happening;
}
