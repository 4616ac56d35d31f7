using AkkaFeeds.Harness;
using Xunit;

namespace AkkaFeeds.Tests.Harness.Frames;

public sealed class FrameCheckerTests
{
    // A recording may have no place for a defect; among these seeds each defect has one.
    private const int Seeds = 5;

    private static readonly Lazy<IReadOnlyList<List<FrameEvent>>> Recordings =
        new(() => [.. Enumerable.Range(1, Seeds).Select(ModelServer.Record)]);

    public static TheoryData<string> Defects => [.. FrameDefects.All.Keys];

    [Fact]
    public void Recordings_of_a_server_that_keeps_to_the_protocol_pass()
    {
        foreach (var (index, events) in Recordings.Value.Index())
        {
            Assert.True(events.Count(each => each.IsReceived("delta")) > 300);
            Assert.Contains(events, each => each.IsReceived("resumed"));
            var violations = FrameReplay.Violations(events);
            Assert.True(violations.Count == 0, $"seed {index + 1}: {string.Join('\n', violations.Take(3))}");
        }
    }

    [Theory]
    [MemberData(nameof(Defects))]
    public void A_defect_is_caught_wherever_it_is_put_in(string name)
    {
        var defect = FrameDefects.All[name];
        var applied = 0;
        foreach (var (index, recording) in Recordings.Value.Index())
        {
            List<FrameEvent> events = [.. recording];
            if (!defect.Apply(events))
            {
                continue;
            }

            applied++;
            var rules = FrameReplay.Violations(events).Select(each => each.Rule).Distinct().ToList();
            Assert.True(
                defect.Rule.Split('|').Any(rules.Contains),
                $"seed {index + 1}: {name}: {defect.Rule} was not among [{string.Join(',', rules)}]");
        }

        Assert.True(applied > 0, $"{name}: no recording of {Seeds} has a place for it");
    }

    [Fact]
    public void A_violation_tells_the_frames_that_led_to_it()
    {
        List<FrameEvent> events = [.. Recordings.Value[0]];
        Assert.True(FrameDefects.All["a delta is lost"].Apply(events));
        var first = FrameReplay.Violations(events)[0];
        Assert.StartsWith("client ", first.Client, StringComparison.Ordinal);
        Assert.True(first.History.Count > 1);
        Assert.Contains("\"op\":\"delta\"", first.History[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_views_have_one_spelling()
    {
        Assert.Equal(Text("""{"b":1.0,"a":{"y":"é","x":[1,null,2.50]}}"""),
            Text("""{"a":{"x":[1,null,2.5],"y":"\u00e9"},"b":1}"""));
        Assert.NotEqual(Text("""{"a":{}}"""), Text("{}"));
        Assert.NotEqual(Text("""{"a":9007199254740993}"""), Text("""{"a":9007199254740992}"""));
    }

    private static string Text(string json)
    {
        using var document = System.Text.Json.JsonDocument.Parse(json);
        return HeldView.Of(document.RootElement).Text;
    }
}
