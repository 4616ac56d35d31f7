using System.Diagnostics;
using AkkaFeeds.Simulation;
using AkkaFeeds.Simulation.Fanout;

if (args is ["fanout", .. var rest])
{
    return FanoutProgram.Run(rest);
}

var options = CommandLine.Parse(args);
if (options is null)
{
    return 2;
}

if (options.Seed is { } seed)
{
    var verdict = Runner.Run(seed, options.Defect, options.Trace);
    foreach (var line in verdict.Trace)
    {
        Console.WriteLine(line);
    }

    Console.WriteLine(verdict.Violation is null ? $"seed {seed}: no violation" : $"seed {seed}: {verdict.Violation}");
    return verdict.Violation is null ? 0 : 1;
}

var clock = Stopwatch.StartNew();
if (options.AllDefects)
{
    var passed = Report.Defects(options.From, options.Seeds);
    Console.WriteLine($"{clock.Elapsed.TotalSeconds:F1} s");
    return passed ? 0 : 1;
}

var violation = Runner.RunMany(options.From, options.Seeds, options.Defect, out var counts);
if (violation is not null)
{
    Report.Violation(violation, options.Defect);
    return 1;
}

var complete = Report.Counts(counts, options.Seeds);
Console.WriteLine($"{options.Seeds} histories without a violation in {clock.Elapsed.TotalSeconds:F1} s");
return complete ? 0 : 1;
