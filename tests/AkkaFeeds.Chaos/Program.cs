using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AkkaFeeds.Chaos;
using AkkaFeeds.Chaos.Reporting;
using AkkaFeeds.Harness;

var root = ServerBinary.Root;
if (ChaosOptions.Parse(args, root) is not { } options)
{
    Console.Error.WriteLine(ChaosOptions.Usage);
    return 2;
}

// Rounds that are done stay done: a long run that was broken off goes on where it was.
Directory.CreateDirectory(options.Folder);
var commit = CommitOf(root);
var rounds = new List<RoundRecord>();
var left = options.Faults;
for (var seed = options.Seed; left > 0; seed++)
{
    var faults = Math.Min(left, options.PerRound);
    var file = Path.Combine(options.Folder, string.Create(
        CultureInfo.InvariantCulture, $"round-{seed}-{faults}-{string.Join('+', options.Only)}.json"));
    var round = File.Exists(file) && options.Faults > options.PerRound
        ? JsonSerializer.Deserialize<RoundRecord>(File.ReadAllText(file))!
        : await new ChaosRound(options, seed, faults, commit).RunAsync();
    File.WriteAllText(file, JsonSerializer.Serialize(round));
    rounds.Add(round);
    left -= faults;
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"round {seed}: {round.Passed} passed, {round.Failed} failed, "
        + $"{round.Skipped} void or unavailable, in {round.Seconds:F0} s"));
    if (!round.IsGreen)
    {
        Console.WriteLine($"its files are in {Path.Combine(options.Folder, $"seed-{seed}")}");
        break;
    }
}

Console.WriteLine();
Console.WriteLine(ReliabilityPage.Table(rounds));
if (options.Report)
{
    ReliabilityPage.Write(Path.Combine(root, "docs", "reliability.md"), rounds);
}

var failed = rounds.Sum(round => round.Failed);
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"chaos: {rounds.Sum(round => round.Passed)} passed, {failed} failed, "
    + $"{rounds.Sum(round => round.Skipped)} skipped"));
return failed == 0 ? 0 : 1;

static string CommitOf(string root)
{
    try
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", root, "rev-parse", "--short", "HEAD"])
        {
            RedirectStandardOutput = true,
        })!;
        return git.StandardOutput.ReadToEnd().Trim();
    }
    catch (System.ComponentModel.Win32Exception)
    {
        return "unknown";
    }
}
