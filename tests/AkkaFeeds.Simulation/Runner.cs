using System.Collections.Concurrent;

namespace AkkaFeeds.Simulation;

/// <summary>What came of one history.</summary>
internal sealed record Verdict(ulong Seed, string? Violation, long[] Counts, IReadOnlyList<string> Trace);

/// <summary>Runs histories of the lane protocol, and those of any other model the same way.</summary>
internal static class Runner
{
    /// <summary>Runs the history of one seed; the same seed is the same history, always.</summary>
    public static Verdict Run(ulong seed, Defect defect = Defect.None, bool tracing = false)
    {
        var history = new History(seed, defect, tracing);
        return Judge(seed, history.Run, history.World.Counts, history.World.Trace);
    }

    /// <summary>Runs many; stops at the first violation.</summary>
    /// <param name="from">The first seed.</param>
    /// <param name="count">How many.</param>
    /// <param name="defect">The defect that is put in.</param>
    /// <param name="counts">What happened, all together.</param>
    /// <returns>The violation of the lowest seed among those that were run, or null.</returns>
    public static Verdict? RunMany(ulong from, int count, Defect defect, out long[] counts) =>
        RunMany(from, count, seed => Run(seed, defect), Enum.GetValues<Happening>().Length, out counts);

    /// <summary>Runs one history and says what came of it.</summary>
    /// <param name="seed">Its seed.</param>
    /// <param name="run">The history.</param>
    /// <param name="counts">What it counts.</param>
    /// <param name="trace">What it notes.</param>
    public static Verdict Judge(ulong seed, Action run, long[] counts, IReadOnlyList<string> trace)
    {
        string? violation = null;
        try
        {
            run();
        }
        catch (ViolationException found)
        {
            violation = found.Message;
        }
        catch (Exception thrown) when (
            thrown is InvalidOperationException or InvalidDataException or ArgumentException)
        {
            // The pure types guard themselves; what they refuse to do is a violation too.
            violation = $"{thrown.GetType().Name}: {thrown.Message}";
        }

        return new Verdict(seed, violation, counts, trace);
    }

    /// <summary>Runs many histories of a model; stops at the first violation.</summary>
    public static Verdict? RunMany(
        ulong from, int count, Func<ulong, Verdict> run, int happenings, out long[] counts)
    {
        var total = new long[happenings];
        var violations = new ConcurrentBag<Verdict>();
        Parallel.ForEach(Partitioner.Create(0, count, 16), (range, loop) =>
        {
            for (var index = range.Item1; index < range.Item2 && !loop.ShouldExitCurrentIteration; index++)
            {
                var verdict = run(from + (ulong)index);
                for (var happening = 0; happening < total.Length; happening++)
                {
                    Interlocked.Add(ref total[happening], verdict.Counts[happening]);
                }

                if (verdict.Violation is not null)
                {
                    violations.Add(verdict);
                    loop.Break();
                }
            }
        });
        counts = total;
        return violations.MinBy(verdict => verdict.Seed);
    }
}
