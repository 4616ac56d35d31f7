namespace AkkaFeeds.Simulation.Fanout;

/// <summary>Runs histories of the way from slot to client.</summary>
internal static class FanoutRunner
{
    /// <summary>Runs the history of one seed; the same seed is the same history, always.</summary>
    public static Verdict Run(ulong seed, FanoutDefect defect = FanoutDefect.None, bool tracing = false)
    {
        var history = new FanoutHistory(seed, defect, tracing);
        return Runner.Judge(seed, history.Run, history.World.Counts, history.World.Trace);
    }

    /// <summary>Runs many; stops at the first violation and gives the one of the lowest seed, or null.</summary>
    public static Verdict? RunMany(ulong from, int count, FanoutDefect defect, out long[] counts) =>
        Runner.RunMany(
            from, count, seed => Run(seed, defect), Enum.GetValues<FanoutHappening>().Length, out counts);
}
