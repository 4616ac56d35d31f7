using System.Text;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions;
using AkkaFeeds.Definitions.Compilation;
using AkkaFeeds.Server.Cli.Sampling;
using Xunit;

namespace AkkaFeeds.Tests.Server.Cli;

public sealed class SampleFoldTests
{
    private readonly SampleFold fold = new(Compile());
    private readonly SampleReport report = new("flights", "flights");
    private long offset;

    [Theory]
    [InlineData("""{"k":"A","x":1,"t":"2026-01-01T00:00:00Z"}""", Outcome.Applied, null)]
    [InlineData("""{"k":"A","x":1""", Outcome.Quarantined, Reasons.Decode)]
    [InlineData("""{"k":"A","x":-1,"t":"2026-01-01T00:00:00Z"}""", Outcome.Filtered, null)]
    [InlineData("""{"x":1,"t":"2026-01-01T00:00:00Z"}""", Outcome.Quarantined, Reasons.BadKey)]
    [InlineData("""{"k":"A","x":1,"t":"soon"}""", Outcome.Quarantined, Reasons.Time)]
    [InlineData("""{"k":"A","x":1,"t":"2026-01-01T00:00:00Z","y":"text"}""", Outcome.Quarantined, Reasons.Type)]
    [InlineData(null, Outcome.Filtered, null)]
    public void A_record_goes_where_a_lane_and_a_slot_would_put_it(string? value, Outcome outcome, string? reason)
    {
        var steps = new List<string>();

        var sampled = fold.Add(Record(value), steps);

        Assert.Equal((outcome, reason), (sampled.Outcome, sampled.Reason));
        Assert.StartsWith("record: ", steps[0], StringComparison.Ordinal);
        Assert.True(steps.Count >= 2);
    }

    [Fact]
    public void An_applied_record_shows_its_key_and_the_view_it_makes()
    {
        var steps = new List<string>();

        fold.Add(Record("""{"k":"A","x":1,"t":"2026-01-01T00:00:00Z","y":2}"""), steps);

        Assert.Contains(steps, step => step.StartsWith("key: 'A', slot ", StringComparison.Ordinal));
        Assert.Contains("time: 2026-01-01T00:00:00.000Z", steps);
        Assert.Contains(steps, step => step.Contains("""{"n":1,"sum":2}""", StringComparison.Ordinal));
    }

    [Fact]
    public void A_record_much_older_than_one_before_it_is_late()
    {
        fold.Add(Record("""{"k":"A","x":1,"t":"2026-01-01T01:00:00Z"}"""));

        Assert.Equal(Outcome.Late, fold.Add(Record("""{"k":"A","x":1,"t":"2026-01-01T00:00:00Z"}""")).Outcome);
        Assert.Equal(Outcome.Applied, fold.Add(Record("""{"k":"A","x":1,"t":"2026-01-01T00:55:00Z"}""")).Outcome);
    }

    [Fact]
    public void A_report_counts_everything_and_shows_the_first_problems()
    {
        for (var index = 0; index < 10; index++)
        {
            var record = Record(index % 2 == 0 ? "{" : """{"k":"A","x":1,"t":"2026-01-01T00:00:00Z"}""");
            report.Add(record.Position, fold.Add(record));
        }

        Assert.Equal((10, 5, 5), (report.Records, report.Count(Outcome.Applied), report.Count(Outcome.Quarantined)));
        Assert.Equal(SampleReport.ProblemsMax, report.Problems.Count);
        Assert.StartsWith("decode: ", report.Problems[0].Text, StringComparison.Ordinal);
    }

    private static CompiledFeed Compile()
    {
        var errors = new List<DefinitionError>();
        var feed = CompiledFeed.Compile(
            new FeedDefinition
            {
                Name = "flights",
                Topics = ["flights"],
                Key = Text("k"),
                Time = Text("t"),
                Where = Text("x > 0"),
                Late = TimeSpan.FromMinutes(10),
                View = [new("n", Text("count()")), new("sum", Text("sum(y)"))],
            },
            "test", new CompileLimits(), errors);
        Assert.Empty(errors);
        return feed!;
    }

    private static SourceText Text(string text) => new(text, "test", 1, 1);

    private SampledRecord Record(string? value) => new(
        new RecordPosition("flights", 0, offset++), 1767225600000, null,
        value is null ? null : Encoding.UTF8.GetBytes(value), []);
}
