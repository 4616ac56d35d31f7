using System.Collections.Concurrent;

namespace AkkaFeeds.Simulation.Fanout;

/// <summary>Runs histories of the way from slot to client.</summary>
internal static class FanoutRunner
{
    /// <summary>Runs the history of one seed; the same seed is the same history, always.</summary>
    public static Verdict Run(ulong seed, FanoutDefect defect = FanoutDefect.None, bool tracing = false)
    {
        var history = new FanoutHistory(seed, defect, tracing);
        string? violation = null;
        try
        {
            history.Run();
        }
        catch (ViolationException found)
        {
            violation = found.Message;
        }

        return new Verdict(seed, violation, history.World.Counts, history.World.Trace);
    }

    /// <summary>Runs many; stops at the first violation and gives the one of the lowest seed, or null.</summary>
    public static Verdict? RunMany(ulong from, int count, FanoutDefect defect, out long[] counts)
    {
        var total = new long[Enum.GetValues<FanoutHappening>().Length];
        var violations = new ConcurrentBag<Verdict>();
        Parallel.For(0, count, (index, loop) =>
        {
            var verdict = Run(from + (ulong)index, defect);
            for (var happening = 0; happening < total.Length; happening++)
            {
                Interlocked.Add(ref total[happening], verdict.Counts[happening]);
            }

            if (verdict.Violation is not null)
            {
                violations.Add(verdict);
                loop.Break();
            }
        });
        counts = total;
        return violations.MinBy(verdict => verdict.Seed);
    }
}
