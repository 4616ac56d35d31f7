using System.Text.RegularExpressions;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Load;

/// <summary>
/// Samples a process with Linux perf while it is measured, and writes what took the time as text. The measured
/// process tells
/// perf the names of its methods; that, and the sampling, cost some per cent: figures taken with a profile are for
/// looking at
/// the profile.
/// </summary>
internal sealed partial class PerfProfile : IAsyncDisposable
{
    private const string HertzOfSamples = "499";

    private readonly string folder;
    private readonly string name;
    private readonly ChildProcess perf;
    private readonly int processId;

    private PerfProfile(string folder, string name, ChildProcess perf, int processId)
    {
        this.processId = processId;
        this.folder = folder;
        this.name = name;
        this.perf = perf;
    }

    /// <summary>
    /// What the measured process needs in its environment. With W^X on, compiled code lies in a mapping whose
    /// addresses the map
    /// of names does not have.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["DOTNET_PerfMapEnabled"] = "1",
        ["DOTNET_EnableWriteXorExecute"] = "0",
    };

    /// <summary>Begins to sample.</summary>
    public static PerfProfile Start(string folder, string name, int processId)
    {
        Directory.CreateDirectory(folder);
        var perf = ChildProcess.Start(
            "perf",
            ["record", "--freq", HertzOfSamples, "--call-graph", "fp", "--pid", $"{processId}", "--output",
                Data(folder, name)]);
        return new(folder, name, perf, processId);
    }

    /// <summary>
    /// Ends, and writes NAME.threads.txt, NAME.flat.txt (what ran) and NAME.callers.txt (on whose behalf).
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await perf.StopAsync(TimeSpan.FromSeconds(30));
        await perf.DisposeAsync();
        await ReportAsync("threads", "--no-children", "--call-graph", "none", "--sort", "comm,dso");
        await ReportAsync("flat", "--no-children", "--call-graph", "none", "--sort", "symbol,dso");
        await ReportAsync("callers", "--children", "--call-graph", "none", "--sort", "symbol,dso");

        // The runtime leaves the names of its methods behind, where perf looks for them.
        File.Delete(Path.Combine(Path.GetTempPath(), $"perf-{processId}.map"));
        File.Delete(Path.Combine(Path.GetTempPath(), $"perfinfo-{processId}.map"));
    }

    private static string Data(string folder, string name) => Path.Combine(folder, $"{name}.data");

    private async Task ReportAsync(string kind, params string[] options)
    {
        await using var file = File.CreateText(Path.Combine(folder, $"{name}.{kind}.txt"));
        var gate = new Lock();
        await using var report = ChildProcess.Start(
            "perf",
            ["report", "--stdio", "--percent-limit", "0.05", "--input", Data(folder, name), .. options],
            lineRead: line =>
            {
                lock (gate)
                {
                    file.WriteLine(Columns().Replace(line.TrimEnd(), "  "));
                }
            });
        await report.ExitAsync(TimeSpan.FromMinutes(2));
    }

    /// <summary>
    /// perf pads each column to its longest name, which for a generic method is hundreds of characters.
    /// </summary>
    [GeneratedRegex(" {3,}")]
    private static partial Regex Columns();
}
