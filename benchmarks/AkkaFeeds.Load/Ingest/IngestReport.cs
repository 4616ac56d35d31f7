using System.Globalization;

namespace AkkaFeeds.Load;

/// <summary>
/// Collects the stages of one run, and tells each as a part of the limit that was measured beside it.
/// </summary>
internal sealed class IngestReport(IReadOnlyDictionary<string, string> names)
{
    private readonly List<Measured> all = [];

    /// <summary>What makes the run fail: a wrong result. A void one is no failure, it is no result.</summary>
    public IReadOnlyList<string> Failures =>
        [.. all.Where(one => one.Result.Wrong is not null).Select(one => $"{names[one.Stage]}: {one.Result.Wrong}")];

    public void Add(int keys, string stage, StageResult result, double othersCores) =>
        all.Add(new(keys, stage, result, othersCores));

    public string Table()
    {
        var table = new MarkdownTable(
            "keys", "stage", "records/s", "of (a)", "of Streamiz", "bytes allocated a record", "CPU us a record",
            "checkpoint ms", "durable after s", "others' cores", "");
        foreach (var one in all)
        {
            var result = one.Result;
            table.Add(
                $"{one.Keys}", names[one.Stage], result.Rate.ToString("N0", CultureInfo.InvariantCulture),
                Ratio(one, "a"), Ratio(one, "streamiz"),
                Text(result.AllocatedBytes / result.Records, "F0"),
                Text(1e6 * result.CpuSeconds / result.Records, "F2"),
                result.CheckpointMilliseconds is { } took
                    ? $"{Text(took, "F1")} ({Text(result.Checkpoints!.Value, "F0")})" : "",
                result.DurableSeconds is { } durable ? Text(durable, "F2") : "",
                Text(one.OthersCores, "F2"), Remark(one));
        }

        return table.ToString();
    }

    private static string Remark(Measured one) =>
        one.Result.Wrong is { } wrong ? $"WRONG: {wrong}"
        : one.OthersCores > CpuWatch.OthersCoresMax ? "VOID: other processes took more than 0.3 core"
        : "";

    private string Ratio(Measured one, string basis)
    {
        double[] rates =
            [.. all.Where(other => other.Stage == basis && other.Keys == one.Keys).Select(other => other.Result.Rate)];
        return rates.Length == 0 ? "" : Text(one.Result.Rate / rates.Average(), "F2");
    }

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);

    private sealed record Measured(int Keys, string Stage, StageResult Result, double OthersCores);
}
