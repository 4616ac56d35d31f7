using System.Text;
using System.Text.Json;
using AkkaFeeds.Server.Demo;
using AkkaFeeds.Tests.Tidy;
using Xunit;

namespace AkkaFeeds.Tests.Server.Demo;

public sealed class FlightSampleTests
{
    private const string Two = "2001-06-04 7\nABE ATL 692\nATL ABE 692\n\n61 1 -3\n0 0 125\n";

    [Fact]
    public void The_shipped_flights_are_a_week_in_order_with_many_airports_in_the_backlog()
    {
        var sample = FlightSample.Load();

        Assert.Equal(116_594, sample.Flights.Count);
        Assert.Equal(TimeSpan.FromDays(7), sample.Span);
        Assert.All(
            sample.Flights.Skip(1).Zip(sample.Flights),
            pair => Assert.True(pair.Item1.Recorded >= pair.Item2.Recorded));
        var first = DateTimeOffset.Parse("2001-06-04Z", System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(sample.Flights[0].Recorded, first, first.AddHours(1));
        Assert.InRange(sample.Flights[^1].Recorded, first.AddDays(6), first.AddDays(7));
        Assert.True(sample.Flights.Take(20_000).Select(flight => flight.Route.Origin).Distinct().Count() > 200);
    }

    [Fact]
    public void The_shipped_flights_weigh_less_than_400_KB()
    {
        using var packed = DemoFile.Open("flights.txt.br");

        Assert.InRange(packed.Length, 100_000, 400_000);
    }

    [Fact]
    public void A_record_is_json_with_the_event_time_and_the_recorded_one()
    {
        var records = new FlightRecords(FlightSample.Read(new StringReader(Two)));
        var date = DateTimeOffset.FromUnixTimeMilliseconds(1_769_860_800_585);

        Assert.Equal("ATL", Encoding.UTF8.GetString(records.Key(0)));
        Assert.Equal(
            "{\"flight\":0,\"date\":\"2026-01-31T12:00:00.585Z\",\"recorded\":\"2001-06-04T01:01:00.000Z\",\"delay\":-3,"
            + "\"distance\":692,\"origin\":\"ATL\",\"destination\":\"ABE\"}",
            Encoding.UTF8.GetString(records.Value(0, date)));
    }

    [Fact]
    public void After_the_last_flight_the_first_follows_a_week_later()
    {
        var records = new FlightRecords(FlightSample.Read(new StringReader(Two)));

        var value = JsonDocument.Parse(records.Value(200_003, DateTimeOffset.UnixEpoch)).RootElement;

        Assert.Equal("ABE", Encoding.UTF8.GetString(records.Key(200_003)));
        Assert.Equal(125, value.GetProperty("delay").GetInt32());
        Assert.Equal(200_003, value.GetProperty("flight").GetInt64());
        var third = JsonDocument.Parse(records.Value(4, DateTimeOffset.UnixEpoch)).RootElement;
        Assert.Equal("2001-06-18T01:01:00.000Z", third.GetProperty("recorded").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("2001-06-04 7\nABE ATL 692\n")]
    [InlineData("2001-06-04 7\nABE ATL 692\n\n1 0\n")]
    [InlineData("2001-06-04 7\nABE ATL 692\n\n1 zero 3\n")]
    public void A_sample_of_another_form_is_refused(string text) =>
        Assert.Throws<FormatException>(() => FlightSample.Read(new StringReader(text)));

    [Fact]
    public void The_demo_s_file_has_no_error_and_the_feed_of_the_example()
    {
        var file = DemoFile.Load([]);
        Assert.Empty(file.Errors);

        // The topic, too: whoever lets the demo replay into his own Kafka serves it with the README's file.
        var example = SourceTree.Read("docs/examples/flights.yaml");
        Assert.Equal(FeedOf(example), FeedOf(DemoFile.Text()));
    }

    private static string FeedOf(string text) => text[text.IndexOf("\nfeeds:", StringComparison.Ordinal)..];
}
