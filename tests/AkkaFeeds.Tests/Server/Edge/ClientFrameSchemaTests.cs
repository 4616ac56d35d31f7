using System.Text;
using System.Text.Json;
using AkkaFeeds.Clients;
using AkkaFeeds.Harness;
using AkkaFeeds.Server.Edge;
using AkkaFeeds.Server.Edge.WebSockets;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

/// <summary>The JSON Schema of the frames and the server draw the same limits.</summary>
public sealed class ClientFrameSchemaTests
{
    private static readonly FrameSchema Schema = FrameSchema.Parse(File.ReadAllText(
        Path.Combine(ServerBinary.Root, "src", "akkafeeds-js", "schema.json")));

    private readonly ClientFrames frames = new(new FeedChecks(
        [new("flights", "origin", [new("n", "long")], false, ["t"], "serve", null, null, null, null)]));

    public static TheoryData<string, bool> AtLimits { get; } = new()
    {
        { Key("\"maxRate\":1000"), true },
        { Key("\"maxRate\":1000.5"), false },
        { Key("\"maxRate\":0"), false },
        { Key($"\"fields\":[{Repeat("\"n\"", 256)}]"), true },
        { Key($"\"fields\":[{Repeat("\"n\"", 257)}]"), false },
        { Key("\"fields\":[]"), false },
        { Key($"\"resume\":{{\"epoch\":\"{new string('e', 256)}\",\"version\":1}}"), true },
        { Key($"\"resume\":{{\"epoch\":\"{new string('e', 257)}\",\"version\":1}}"), false },
        { Named("subscribe", $"\"key\":\"{new string('k', 512)}\""), true },
        { Named("subscribe", $"\"key\":\"{new string('k', 513)}\""), false },
        { Named("subscribe", "\"key\":\"\""), false },
        { Named("subscribe", "\"key\":\"a\\u0000b\""), false },
        { Rows($"\"id\":\"{new string('i', 128)}\""), true },
        { Rows($"\"id\":\"{new string('i', 129)}\""), false },
        { Rows($"\"prefix\":\"{new string('p', 512)}\""), true },
        { Rows($"\"prefix\":\"{new string('p', 513)}\""), false },
        { Rows("\"prefix\":\"\""), true },
        { Rows("\"prefix\":\"\\u0000\""), false },
        { Rows("\"sort\":\"\""), false },
        { Rows("\"limit\":1000"), true },
        { Rows("\"limit\":1001"), false },
        { Rows("\"maxRate\":1000.5"), false },
        { Rows($"\"fields\":[{Repeat("\"n\"", 257)}]"), false },
        { Named("unsubscribe", "\"key\":\"K\""), true },
        { Named("unsubscribe", "\"id\":\"\""), true },
        { Named("unsubscribe", $"\"id\":\"{new string('i', 129)}\""), false },
        { Named("unsubscribe", "\"key\":\"K\",\"id\":\"i\""), false },
        { """{"op":"unsubscribe","feed":"flights"}""", false },
    };

    [Theory]
    [MemberData(nameof(AtLimits))]
    public void What_fits_is_taken_and_what_does_not_is_refused(string frame, bool fits)
    {
        using var document = JsonDocument.Parse(frame);
        Assert.True((Schema.Find("#/$defs/fromClient", document.RootElement) is null) == fits, $"the schema: {frame}");
        Assert.True(
            frames.Read(Encoding.UTF8.GetBytes(frame), isFirst: false) is not ClientCommands.Refused == fits,
            $"the server: {frame}");
    }

    [Theory]
    [InlineData("""{"rows":{"A":{}},"order":["A"],"total":1}""", true)]
    [InlineData("""{"rows":{"A":{}},"order":["A"]}""", false)]
    [InlineData("""{"rows":{"A":{}},"total":1}""", false)]
    [InlineData("""{"rows":{"A":null},"order":["A"],"total":1}""", false)]
    [InlineData("""{"rows":{"A":null},"base":7}""", true)]
    public void Whole_rows_have_an_order_and_a_total(string members, bool fits) => Fits(
        """{"op":"rows","feed":"f","id":"i","epoch":"r","version":8,""" + members[1..], fits);

    [Theory]
    [InlineData("stale", "\"reason\":\"behind-slo\",\"since\":1", true)]
    [InlineData("stale", "\"reason\":\"behind-slo\"", false)]
    [InlineData("stale", "\"since\":1", false)]
    [InlineData("partial", "\"since\":1", false)]
    [InlineData("rebuilding", "\"reason\":\"recovering\",\"since\":1,\"progress\":0.5", true)]
    [InlineData("rebuilding", "\"progress\":0.5", false)]
    [InlineData("live", "", true)]
    [InlineData("live", "\"reason\":\"behind-slo\",\"since\":1", false)]
    [InlineData("blank", "\"progress\":0.5", false)]
    public void A_state_other_than_live_and_blank_has_a_reason_and_an_instant(string state, string members, bool fits)
    {
        var more = members.Length == 0 ? "" : "," + members;
        var key = $"\"feed\":\"f\",\"key\":\"k\",\"state\":\"{state}\"{more}";
        Fits($$"""{"op":"state",{{key}}}""", fits);
        const string Rest = "\"epoch\":\"e\",\"version\":1,\"data\":{},\"at\":1,\"pos\":{},\"cause\":\"resync\"";
        Fits($$"""{"op":"snapshot",{{key}},{{Rest}}}""", fits);
    }

    private static void Fits(string frame, bool fits)
    {
        using var document = JsonDocument.Parse(frame);
        var wrong = Schema.Find("#/$defs/fromServer", document.RootElement);
        Assert.True(wrong is null == fits, $"{frame}: {wrong}");
    }

    private static string Key(string members) => Named("subscribe", $"\"key\":\"K\",{members}");

    private static string Rows(string members) => Named("subscribe", $"\"keys\":\"*\",{members}");

    private static string Named(string op, string members) => $$"""{"op":"{{op}}","feed":"flights",{{members}}}""";

    private static string Repeat(string text, int count) => string.Join(',', Enumerable.Repeat(text, count));
}
