using System.Diagnostics;

namespace AkkaFeeds.Simulation.Fanout;

/// <summary><c>fanout [--seeds N] [--seed N] [--defects]</c>: the way from slot to client.</summary>
internal static class FanoutProgram
{
    public static int Run(string[] args)
    {
        var seeds = Number(args, "--seeds") ?? 1_000;
        if (Number(args, "--seed") is { } seed)
        {
            var verdict = FanoutRunner.Run((ulong)seed, FanoutDefect.None, tracing: true);
            verdict.Trace.ToList().ForEach(Console.WriteLine);
            Console.WriteLine($"seed {seed}: {verdict.Violation ?? "no violation"}");
            return verdict.Violation is null ? 0 : 1;
        }

        var clock = Stopwatch.StartNew();
        var passed = args.Contains("--defects") ? Defects(seeds) : Histories(seeds);
        Console.WriteLine($"{seeds} histories in {clock.Elapsed.TotalSeconds:F1} s");
        return passed ? 0 : 1;
    }

    private static bool Histories(int seeds)
    {
        var violation = FanoutRunner.RunMany(1, seeds, FanoutDefect.None, out var counts);
        foreach (var happening in Enum.GetValues<FanoutHappening>())
        {
            Console.WriteLine($"{happening,-28}{counts[(int)happening],12}");
        }

        Console.WriteLine(violation is null ? "no violation" : $"seed {violation.Seed}: {violation.Violation}");
        return violation is null && counts.All(count => count > 0);
    }

    private static bool Defects(int seeds)
    {
        var all = true;
        foreach (var defect in Enum.GetValues<FanoutDefect>().Where(defect => defect != FanoutDefect.None))
        {
            var verdict = FanoutRunner.RunMany(1, seeds, defect, out _);
            all &= verdict is not null;
            var found = verdict is null ? "NOT FOUND" : $"seed {verdict.Seed}: {OneLine(verdict.Violation!)}";
            Console.WriteLine($"{defect,-24} {found}");
        }

        return all;
    }

    private static string OneLine(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= 140 ? line : line[..140];
    }

    private static int? Number(string[] args, string name)
    {
        var place = Array.IndexOf(args, name);
        return place >= 0 && place + 1 < args.Length && int.TryParse(args[place + 1], out var number) ? number : null;
    }
}
