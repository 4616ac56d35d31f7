using System.Text.Json;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Load;

/// <summary>
/// Runs a stage in a process of its own, so that no stage inherits the compiled code, the heap or the threads of
/// another. The
/// result is one line of JSON.
/// </summary>
internal static class StageProcess
{
    private const string Mark = "stage-result ";

    /// <summary>The parent's side.</summary>
    public static async Task<StageResult> StartAsync(
        string stage, StageOptions options, MeasuredProcess measured)
    {
        StageResult? result = null;
        await using var process = ChildProcess.Start(
            Environment.ProcessPath!, ["stage", stage, .. options.ToArguments()], measured.Environment,
            line => result = line.StartsWith(Mark, StringComparison.Ordinal)
                ? JsonSerializer.Deserialize<StageResult>(line[Mark.Length..])
                : result);
        await using var profile = measured.Profile(process.Id);
        var code = await process.ExitAsync(TimeSpan.FromMinutes(15));
        return code == 0 && result is not null
            ? result
            : throw new InvalidOperationException($"stage {stage} ended with {code}\n{process.Tail}");
    }

    /// <summary>The child's side.</summary>
    public static async Task<int> RunAsync(string stage, string[] options)
    {
        var parsed = StageOptions.Parse(options);
        var result = stage switch
        {
            "a" => ConsumeLoopStage.Run(parsed),
            "c" => await FoldStage.RunAsync(parsed),
            "b" => await SourceStage.CountAsync(parsed),
            "streamiz" => await StreamizStage.RunAsync(parsed),
            _ => throw new UsageException($"{stage}: no such stage"),
        };
        Console.WriteLine(Mark + JsonSerializer.Serialize(result));
        return 0;
    }
}
