using AkkaFeeds.Harness;
using AkkaFeeds.IntegrationTests.Fixtures;
using AkkaFeeds.Server.Demo;

namespace AkkaFeeds.IntegrationTests.Serve;

/// <summary><c>akkafeeds demo</c> as its user meets it: one command, one URL, numbers that move, and nothing
/// left.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_says_its_url_alone_shows_growing_numbers_and_leaves_nothing_behind()
    {
        await using var demo = await DemoProcess.StartAsync("--rate", "500");

        // The backlog alone holds hundreds of departures of Atlanta, and the rate goes on adding.
        var first = await demo.DeparturesAsync("ATL", 600);
        Assert.True((await demo.AirportsAsync()).Count > 200);
        await demo.DeparturesAsync("ATL", first);
        var code = await demo.StopAsync();

        Assert.Equal(0, code);
        Assert.Equal(demo.Url.OriginalString, Assert.Single(demo.Output));
        Assert.Empty(demo.Left);
    }

    [Theory]
    [InlineData("The embedded Kafka listens")]
    [InlineData("Edge listens")]
    public async Task A_demo_that_is_stopped_while_it_starts_ends_in_order_and_leaves_nothing_behind(string at)
    {
        using var temporary = new TemporaryFolder();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var demo = ChildProcess.Start(
            ServerBinary.Path, ["demo", "--http", "127.0.0.1:0", "--admin", "127.0.0.1:0"],
            [new("TMPDIR", temporary.FullName)],
            line =>
            {
                if (line.Contains(at, StringComparison.Ordinal))
                {
                    reached.TrySetResult();
                }
            });
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(await demo.StopAsync(TimeSpan.FromSeconds(30)), demo.Tail);
        Assert.True(demo.ExitCode == 0, demo.Tail);
        Assert.DoesNotContain("error", demo.Tail, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(Directory.GetFileSystemEntries(temporary.FullName));
    }

    [SkippableFact]
    [Trait("Run", "long")]
    public async Task With_a_real_broker_and_a_folder_the_numbers_are_kept_over_a_restart()
    {
        await using var broker = await RealBroker.StartAsync();
        Skip.If(broker is null, RealBroker.SkipReason);
        using var folder = new TemporaryFolder();
        string[] options = ["--broker", broker!.BootstrapServers, "--data", folder.File("store"), "--rate", "1000"];
        long before;
        await using (var demo = await DemoProcess.StartAsync(options))
        {
            before = await demo.DeparturesAsync("ATL", 600);
            Assert.Equal(0, await demo.StopAsync());
        }

        await using var again = await DemoProcess.StartAsync(options);

        Assert.True(await again.DeparturesAsync("ATL", before) > before);
        Assert.Equal(0, await again.StopAsync());
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_named()
    {
        using var folder = new TemporaryFolder();

        var run = await ServerRun.OfAsync("demo", "--broker", "127.0.0.1:1", "--data", folder.File("store"));

        run.AssertOneError(3, "127.0.0.1:1");
    }

    [Fact]
    public async Task A_store_on_disk_is_refused_with_the_embedded_Kafka()
    {
        using var folder = new TemporaryFolder();

        var run = await ServerRun.OfAsync("demo", "--data", folder.File("store"));

        run.AssertOneError(2, "--data");
    }

    [SkippableFact]
    public async Task The_shipped_flights_are_those_of_the_large_file()
    {
        Skip.If(FlightsFile.Folder is null, "AKKAFEEDS_TEST_DATA names no folder with flights");
        var sample = FlightSample.Load();
        var from = sample.Flights[0].Recorded.UtcDateTime.Date;
        var expected = new List<(DateTime, long, long, string, string)>();
        await foreach (var flights in FlightsFile.ReadAsync())
        {
            expected.AddRange(flights.ToArray()
                .Where(flight => flight.Date >= from && flight.Date < from + sample.Span)
                .Select(each => (each.Date, each.Delay, each.Distance, each.Origin, each.Destination)));
        }

        Assert.Equal(expected, sample.Flights.Select(flight => (
            flight.Recorded.UtcDateTime, (long)flight.Delay, (long)flight.Route.Distance, flight.Route.Origin,
            flight.Route.Destination)));
    }
}
