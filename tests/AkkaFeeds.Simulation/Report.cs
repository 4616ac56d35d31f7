namespace AkkaFeeds.Simulation;

/// <summary>What the program prints.</summary>
internal static class Report
{
    private const int TraceLines = 120;

    /// <summary>A violation, with the end of its history's trace.</summary>
    public static void Violation(Verdict verdict, Defect defect)
    {
        var traced = Runner.Run(verdict.Seed, defect, tracing: true);
        foreach (var line in traced.Trace.Skip(Math.Max(0, traced.Trace.Count - TraceLines)))
        {
            Console.WriteLine(line);
        }

        Console.WriteLine($"seed {verdict.Seed}: {verdict.Violation}");
    }

    /// <summary>
    /// How often each thing happened; false where one happened too rarely for the run to mean anything.
    /// </summary>
    public static bool Counts(long[] counts, int seeds)
    {
        var complete = true;
        Console.WriteLine($"{"what",-34}{"times",12}{"least",10}");
        foreach (var happening in Enum.GetValues<Happening>())
        {
            var least = Minimum.Of(happening, seeds);
            var count = counts[(int)happening];
            complete &= count >= least;
            Console.WriteLine(
                $"{happening,-34}{count,12}{least,10}{(count < least ? "  too few: the run is void" : "")}");
        }

        return complete;
    }

    /// <summary>Puts in every defect; false where one is not found.</summary>
    public static bool Defects(ulong from, int seeds)
    {
        var all = true;
        foreach (var defect in Enum.GetValues<Defect>().Where(defect => defect is not Defect.None))
        {
            var verdict = Runner.RunMany(from, seeds, defect, out _);
            all &= verdict is not null;
            Console.WriteLine(verdict is null
                ? $"{defect,-28} NOT FOUND in {seeds} histories"
                : $"{defect,-28} seed {verdict.Seed,-6} {verdict.Violation}");
        }

        return all;
    }
}
