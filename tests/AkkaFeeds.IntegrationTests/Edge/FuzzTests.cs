using System.Diagnostics;
using System.Globalization;
using AkkaFeeds.Harness;
using Xunit.Abstractions;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>100,000 fuzzed frames: the server lives, answers by the schema, and keeps nothing of them.</summary>
[Collection("floods")]
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Frames = 100_000;
    private const int Workers = 12;
    private const int Samples = 50;
    private const double GrowthMax = 1.10;
    private const double GrowthBytesMax = 16 * 1024 * 1024;

    private readonly List<(double Resident, double Heap)> samples = [];
    private int sent;

    [Fact]
    public async Task A_hundred_thousand_fuzzed_frames_are_survived_in_flat_memory()
    {
        var seed = Environment.GetEnvironmentVariable("AKKAFEEDS_TEST_SEED") is { Length: > 0 } named
            ? int.Parse(named, CultureInfo.InvariantCulture) : Random.Shared.Next(1, 1_000_000);
        output.WriteLine($"seed {seed} (AKKAFEEDS_TEST_SEED={seed} sends the same frames)");
        await using var edge = await EdgeServer.StartAsync("flush: 10ms\nlimits: { commands: 100000 }\n");
        var schema = await edge.Server.Client.GetAsync("v1/schema.json");
        var schemaText = await schema.Content.ReadAsStringAsync();
        var workers = Enumerable.Range(0, Workers)
            .Select(number => new FuzzWorker(edge, seed + (1_000 * number), schemaText)).ToList();

        var watch = Stopwatch.StartNew();
        await Task.WhenAll(workers.Select(worker => Task.Run(() => RunAsync(edge, worker))));
        Tell(workers, watch.Elapsed);

        Assert.False(edge.Server.Process.HasExited, edge.Server.Process.Tail);
        await edge.NothingIsLeftAsync();
        edge.NothingHasFailed();
        var violations = workers.SelectMany(worker => worker.Violations).ToList();
        Assert.True(violations.Count == 0, $"seed {seed}: " + string.Join('\n', violations.Take(20)));
        Assert.Equal(Samples, samples.Count);
        Flat(seed, "resident bytes", samples.ConvertAll(sample => sample.Resident));
        Flat(seed, "bytes of heap", samples.ConvertAll(sample => sample.Heap));
    }

    private async Task RunAsync(EdgeServer edge, FuzzWorker worker)
    {
        const int Every = Frames / Samples;
        while (true)
        {
            var now = Interlocked.Add(ref sent, FuzzWorker.Batch);
            if (now > Frames)
            {
                await worker.CloseAsync();
                return;
            }

            await worker.StepAsync();
            if (now / Every != (now - FuzzWorker.Batch) / Every
                && await edge.Server.Client.MetricsAsync() is { } metrics)
            {
                lock (samples)
                {
                    samples.Add((
                        metrics.Sum("process_resident_memory_bytes"), metrics.Sum("dotnet_gc_heap_bytes")));
                }
            }
        }
    }

    // The first tenth warms up: code is compiled, pools are filled.
    private static void Flat(int seed, string what, List<double> values)
    {
        var (early, late) = (Median(values[(Samples / 10)..(Samples / 5)]), Median(values[^(Samples / 10)..]));
        Assert.True(
            late <= (early * GrowthMax) + GrowthBytesMax,
            $"seed {seed}: {what} grew from {early:N0} to {late:N0}: {string.Join(' ', values)}");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private void Tell(List<FuzzWorker> workers, TimeSpan took)
    {
        output.WriteLine($"{Frames} frames in {took.TotalSeconds:F1} s");
        output.WriteLine("resident MiB: " + string.Join(' ', samples.Select(each => $"{each.Resident / 1048576:F0}")));
        output.WriteLine("heap MiB: " + string.Join(' ', samples.Select(each => $"{each.Heap / 1048576:F0}")));
        foreach (var count in workers.SelectMany(worker => worker.Counts).GroupBy(each => each.Key)
            .OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"  {count.Key,-24}{count.Sum(each => each.Value),10}");
        }
    }
}
