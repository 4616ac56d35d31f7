using System.Globalization;
using System.Text;

namespace AkkaFeeds.Chaos.Reporting;

/// <summary>Writes the table of docs/reliability.md, between its markers.</summary>
internal static class ReliabilityPage
{
    private const string Begin = "<!-- chaos: begin (written by `dotnet fsi build.fsx chaos --report`) -->";
    private const string End = "<!-- chaos: end -->";

    public static void Write(string file, IReadOnlyList<RoundRecord> rounds)
    {
        var text = File.ReadAllText(file);
        var begin = text.IndexOf(Begin, StringComparison.Ordinal);
        var end = text.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
        {
            throw new InvalidDataException($"{file} has no markers for the table");
        }

        File.WriteAllText(file, text[..(begin + Begin.Length)] + "\n" + Table(rounds) + text[end..]);
    }

    public static string Table(IReadOnlyList<RoundRecord> rounds)
    {
        var text = new StringBuilder();
        var faults = rounds.SelectMany(round => round.Faults).ToList();
        text.Append(CultureInfo.InvariantCulture, $"{faults.Count} faults in {rounds.Count} rounds of ");
        text.Append(CultureInfo.InvariantCulture, $"{rounds.Average(round => round.Seconds):F0} s, ");
        text.Append(CultureInfo.InvariantCulture, $"{rounds.Sum(round => round.Records):N0} records, ");
        text.Append(CultureInfo.InvariantCulture, $"{rounds.Sum(round => round.Frames):N0} recorded frames; seeds ");
        text.AppendJoin(", ", rounds.Select(round => round.Seed)).Append("; commits ");
        text.AppendJoin(", ", rounds.Select(round => round.Commit).Distinct()).Append("; ");
        text.AppendJoin(", ", rounds.Select(round => round.Day).Distinct()).Append(".\n\n");
        text.Append("| fault | what breaks | done | fired | void | unproven | recovery p50 / p99 / max, s |")
            .Append(" violations |\n");
        text.Append("|---|---|---|---|---|---|---|---|\n");
        foreach (var kind in faults.GroupBy(fault => fault.Id).OrderBy(kind => kind.Key, StringComparer.Ordinal))
        {
            double[] times = [.. kind.Where(fault => fault.RecoveryMs >= 0 && fault.Outcome == FaultRecord.Survived)
                .Select(fault => fault.RecoveryMs / 1_000.0).Order()];
            text.Append(CultureInfo.InvariantCulture, $"| {kind.Key} | {kind.First().Name} | {kind.Count()} | ");
            text.Append(CultureInfo.InvariantCulture, $"{kind.Sum(fault => fault.Fired):N0} ");
            text.Append(CultureInfo.InvariantCulture, $"{kind.First().Proof.Split(';')[0]} | ");
            text.Append(CultureInfo.InvariantCulture, $"{Count(kind, FaultRecord.Void)} | ");
            var unproven = Count(kind, FaultRecord.Inconclusive) + Count(kind, FaultRecord.Unavailable);
            text.Append(CultureInfo.InvariantCulture, $"{unproven} | ");
            text.Append(times.Length == 0 ? "" : string.Create(
                CultureInfo.InvariantCulture, $"{At(times, 0.5):F1} / {At(times, 0.99):F1} / {times[^1]:F1}"));
            text.Append(CultureInfo.InvariantCulture, $" | {Count(kind, FaultRecord.Violated)} |\n");
        }

        text.Append("\n| compared by the oracle | comparisons | violations |\n|---|---|---|\n");
        foreach (var check in rounds.SelectMany(round => round.Checks).GroupBy(check => check.Name))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {check.Key} | {check.Sum(each => each.Compared):N0} | ");
            text.Append(CultureInfo.InvariantCulture, $"{check.Sum(each => each.Violations)} |\n");
        }

        return text.ToString();
    }

    private static int Count(IEnumerable<FaultRecord> faults, string outcome) =>
        faults.Count(fault => fault.Outcome == outcome);

    private static double At(double[] sorted, double share) =>
        sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(share * sorted.Length) - 1)];
}
