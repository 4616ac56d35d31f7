using AkkaFeeds.Definitions;
using AkkaFeeds.Definitions.Files;
using Xunit;

namespace AkkaFeeds.Tests.Definitions.Files;

public sealed class FeedsFileTests
{
    private const string Folder = "/folder";

    [Fact]
    public void The_example_of_the_specification_is_read()
    {
        var (options, errors) = Read(Section4.Text);
        Assert.Empty(errors.Select(error => error.ToString()));
        Assert.Equal(["127.0.0.1:9092"], options!.Kafka.Brokers);
        Assert.Equal("eu-1a", options.Kafka.Properties["client.rack"]);
        Assert.Equal("http://127.0.0.1:8081", options.Kafka.SchemaRegistryUrl!.OriginalString);
        Assert.Equal("sqlite:/folder/data/akkafeeds.db", options.Store.ToString());
        Assert.Equal(TimeSpan.FromSeconds(1), options.Checkpoint.Every);
        Assert.Null(options.Cluster);
        Assert.Null(options.Auth);
        var feed = Assert.Single(options.Feeds);
        Assert.Equal(("flights", "json", 16), (feed.Name, feed.Format, feed.Slots));
        Assert.Equal(["flights"], feed.Topics);
        Assert.Equal(new SourceText("origin", "feeds.flights.key", 13, 10) { Origin = "a.yaml" }, feed.Key);
        Assert.Equal("$headers[\"tenant\"]", feed.Tenant!.Text);
        Assert.Equal((TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)), (feed.Late, feed.Ahead));
        Assert.False(feed.WallWindows);
        Assert.Equal(10, feed.View.Count);
        Assert.Equal("last({date, destination, delay})", feed.View.Single(field => field.Key == "last").Value.Text);
        Assert.Equal(TimeSpan.FromSeconds(2), feed.Freshness.Slo);
        Assert.Equal("https://example.org/runbook", feed.Freshness.Runbook);
        var notify = Assert.Single(feed.Notify);
        Assert.Equal(("many-delays", TimeSpan.FromMinutes(10)), (notify.Name, notify.Every));
        Assert.Equal("delayRate > 0.3 && departures > 50", notify.When.Text);
    }

    [Fact]
    public void A_file_of_four_lines_is_enough()
    {
        var (options, errors) = Read("""
            kafka: { brokers: embedded }
            feeds:
              flights: { from: { topic: flights }, view: { n: count() } }
            """);
        Assert.Empty(errors);
        Assert.True(options!.Kafka.Embedded);
        Assert.Empty(options.Kafka.Brokers);
        Assert.Equal(StoreKind.Temporary, options.Store.Kind);
    }

    private static (FeedsOptions? Options, IReadOnlyList<DefinitionError> Errors) Read(string text) =>
        FeedsFile.Parse(text, "a.yaml", Folder, new Dictionary<string, string>(), []);
}
