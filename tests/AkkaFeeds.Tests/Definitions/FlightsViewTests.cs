using Xunit;
using AkkaFeeds.Definitions;

namespace AkkaFeeds.Tests.Definitions;

public class FlightsViewTests
{
    private static FeedDefinition Flights => FeedBench.Define(
        ("departures", "count()"), ("delayed", "count(delay > 15)"), ("delayRate", "delayed / departures"),
        ("meanDelay", "avg(delay)"), ("worst", "max(delay)"), ("last", "last({date, destination, delay})"),
        ("routes", "top(destination, 2)"), ("places", "distinct(destination)"), ("total", "sum(distance)")) with
    {
        Key = FeedBench.Text("origin"),
        Time = FeedBench.Text("date"),
        Where = FeedBench.Text("distance > 0"),
    };

    [Fact]
    public void The_view_of_the_specification_is_folded_from_its_records()
    {
        var bench = new FeedBench(Flights);
        Assert.Equal("applied", bench.Add(Record("2001-01-01T00:47:00.000Z", 3, 258, "ATL", "SAV"), null));
        Assert.Equal("applied", bench.Add(Record("2001-01-01T00:48:00.000Z", 20, 100, "ATL", "ORD"), null, offset: 1));
        Assert.Equal("applied", bench.Add(Record("2001-01-01T00:46:00.000Z", -4, 100, "ATL", "ORD"), null, offset: 2));
        Assert.Equal("filtered", bench.Add(Record("2001-01-01T00:46:00.000Z", -4, 0, "ATL", "ORD"), null, offset: 3));
        Assert.Equal("bad-key", bench.Add("""{"distance":3}""", null, offset: 4));
        Assert.Equal("time", bench.Add(Record("yesterday", -4, 7, "ATL", "ORD"), null, offset: 5));
        Assert.Equal(
            """{"departures":3,"delayed":1,"delayRate":0.3333333333333333,"meanDelay":6.333333333333333,"worst":20,"last":{"date":"2001-01-01T00:48:00.000Z","destination":"ORD","delay":20},"routes":{"ORD":2,"SAV":1},"places":2,"total":458}""",
            bench.View("ATL"));
        Assert.Equal(3, bench.State("ATL").Version);
        var decoded = bench.Feed.View.Decode(bench.Encode(bench.State("ATL")));
        Assert.Equal(bench.View("ATL"), bench.ViewOf(decoded));
        Assert.Equal(bench.Encode(bench.State("ATL")), bench.Encode(decoded));
    }

    [Fact]
    public void A_row_that_fails_half_way_leaves_its_key_as_it_was()
    {
        var bench = new FeedBench(Flights);
        bench.Add(Record("2001-01-01T00:47:00.000Z", 3, 258, "ATL", "SAV"), null);
        Assert.Equal("type", bench.Add(
            """{"date":"2001-01-01T00:49:00.000Z","delay":"late","distance":1,"origin":"ATL","destination":"XXX"}""",
            null,
            1));
        Assert.Equal("type", bench.Add(
            """{"date":"2001-01-01T00:49:00.000Z","delay":1,"distance":1.5,"origin":"ATL","destination":[1]}""",
            null,
            1));
    }

    private static string Record(string date, int delay, int distance, string origin, string destination) =>
        $$"""{"date":"{{date}}","delay":{{delay}},"distance":{{distance}},"origin":"{{origin}}","destination":"{{destination}}","flight":123}""";
}
