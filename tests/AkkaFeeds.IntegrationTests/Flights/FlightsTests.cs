using AkkaFeeds.Harness;
using AkkaFeeds.IntegrationTests.Fixtures;
using Xunit.Abstractions;

namespace AkkaFeeds.IntegrationTests.Flights;

/// <summary>The promise, from outside: real flights, the real broker, the real binary, kill -9.</summary>
public sealed class FlightsTests(ITestOutputHelper output)
{
    private const int Records = 300_000;
    private const int Kills = 4;
    private const int Seed = 20010101;

    [SkippableFact]
    public async Task Every_origin_equals_the_fold_after_the_server_was_killed_four_times()
    {
        Skip.If(FlightsFile.Folder is null, "AKKAFEEDS_TEST_DATA is not set: the flights are NOT proven here");
        await using var broker = await RealBroker.StartAsync();
        Skip.If(broker is null, RealBroker.SkipReason);
        var expected = await FlightFold.OfFirstAsync(Records);
        var proof = new FlightsProof(broker!.BootstrapServers, Records, expected, output.WriteLine);

        var killed = await proof.KilledAsync($"flights-killed-{Guid.NewGuid():N}", Kills, Seed);

        Assert.Equal([], killed.Comparison.Differences);
        Assert.Equal(expected.Count, killed.Comparison.KeysEqual);
        Assert.Null(killed.Counts.Problem);
        Assert.Equal(Kills, killed.Kills.Count);
        Assert.Contains(KilledWhile.Reading, killed.Kills);
    }
}
