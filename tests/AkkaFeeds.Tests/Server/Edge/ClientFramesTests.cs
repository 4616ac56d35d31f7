using System.Text;
using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;
using AkkaFeeds.Server.Edge;
using AkkaFeeds.Server.Edge.WebSockets;
using CsCheck;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

/// <summary>Each frame of a client is one command, one error that names what is wrong, or an end.</summary>
public sealed class ClientFramesTests
{
    private static readonly string Long = new('k', 513);

    private readonly ClientFrames frames = new(new FeedChecks(
    [
        new("flights", "origin", [new("departures", "long")], false, ["t"], "serve", null, null, null, null),
        new("raw", null, [], true, ["t"], "serve", null, null, null, null),
    ]));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\"{}\"")]
    [InlineData("{}{}")]
    [InlineData("{\"op\":\"ping\",}")]
    [InlineData("{\"op\":\"ping\"}/* */")]
    [InlineData("{'op':'ping'}")]
    [InlineData("{\"op\":\"ping\",\"op\":\"ping\"}")]
    [InlineData("{\"op\":\"ping\",\"\\u006fp\":\"ping\"}")]
    [InlineData("{\"op\":\"ping\",\"t\":[[[[[[[[[]]]]]]]]]}")]
    [InlineData("{\"op\":\"ping\",\"t\":01}")]
    [InlineData("{\"op\":\"ping\",\"t\":NaN}")]
    [InlineData("{\"op\":\"pi\nng\"}")]
    [InlineData("{\"op\":\"ping\",\"\\ud800\":1}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData(
        "{\"op\":\"subscribe\",\"feed\":\"flights\",\"key\":\"K\",\"resume\":{\"pos\":{\"\\udc00\":1}}}")]
    public void What_is_no_JSON_object_ends_the_connection(string text) =>
        Assert.Equal(CloseCode.BadFrame, Assert.IsType<ClientCommands.Close>(Read(text)).Code);

    [Theory]
    [InlineData("{}", "bad-frame", "op")]
    [InlineData("{\"op\":7}", "bad-frame", "op")]
    [InlineData("{\"op\":null}", "bad-frame", "op")]
    [InlineData("{\"op\":\"\"}", "unknown-op", "''")]
    [InlineData("{\"op\":\"Ping\"}", "unknown-op", "'Ping'")]
    [InlineData("{\"op\":\"welcome\"}", "unknown-op", "welcome")]
    [InlineData("{\"op\":\"\\r\\nfake\"}", "unknown-op", "\\u000d\\u000afake")]
    [InlineData("{\"op\":\"ping\",\"x\":1}", "bad-frame", "'x'")]
    [InlineData("{\"op\":\"ping\",\"__proto__\":{}}", "bad-frame", "__proto__")]
    [InlineData("{\"op\":\"ping\",\"t\":1.5}", "bad-frame", "t")]
    [InlineData("{\"op\":\"ping\",\"t\":1e400}", "bad-frame", "t")]
    [InlineData("{\"op\":\"ping\",\"t\":9223372036854775808}", "bad-frame", "t")]
    [InlineData("{\"op\":\"ping\",\"t\":\"1\"}", "bad-frame", "t")]
    [InlineData("{\"op\":\"hello\",\"marks\":1}", "bad-frame", "marks")]
    [InlineData("{\"op\":\"auth\"}", "bad-frame", "token")]
    [InlineData("{\"op\":\"auth\",\"token\":null}", "bad-frame", "token")]
    [InlineData("{\"op\":\"rendered\"}", "bad-frame", "mark")]
    [InlineData("{\"op\":\"rendered\",\"mark\":1,\"at\":true}", "bad-frame", "at")]
    [InlineData("{\"op\":\"subscribe\"}", "bad-frame", "feed")]
    [InlineData("{\"op\":\"subscribe\",\"feed\":\"no\",\"key\":\"K\"}", "unknown-feed", "'no'")]
    [InlineData("{\"op\":\"subscribe\",\"feed\":\"FLIGHTS\",\"key\":\"K\"}", "unknown-feed", "'FLIGHTS'")]
    [InlineData("{\"op\":\"subscribe\",\"feed\":\"__proto__\",\"key\":\"K\"}", "unknown-feed", "'__proto__'")]
    [InlineData("{\"op\":\"subscribe\",\"feed\":\"flights\"}", "bad-frame", "key")]
    [InlineData("{\"op\":\"subscribe\",\"feed\":\"flights\",\"key\":7}", "bad-frame", "key")]
    [InlineData("{\"op\":\"subscribe\",\"feed\":\"flights\",\"key\":\"\"}", "bad-key", "512")]
    [InlineData("{\"op\":\"subscribe\",\"feed\":\"flights\",\"key\":\"a\\u0000\"}", "bad-key", "NUL")]
    [InlineData("{\"op\":\"subscribe\",\"feed\":\"flights\",\"key\":\"\\udc00\"}", "bad-frame", "key")]
    [InlineData("{\"op\":\"subscribe\",\"feed\":\"flights\",\"key\":\"K\",\"fields\":[]}", "bad-frame", "fields")]
    [InlineData("{\"op\":\"subscribe\",\"feed\":\"flights\",\"key\":\"K\",\"fields\":\"x\"}", "bad-frame", "fields")]
    [InlineData("{\"op\":\"subscribe\",\"feed\":\"flights\",\"key\":\"K\",\"fields\":[1]}", "bad-frame", "fields")]
    [InlineData(
        "{\"op\":\"subscribe\",\"feed\":\"flights\",\"key\":\"K\",\"fields\":[\"constructor\"]}", "unknown-field",
        "constructor")]
    [InlineData("{\"op\":\"subscribe\",\"feed\":\"flights\",\"key\":\"K\",\"maxRate\":0}", "bad-frame", "maxRate")]
    [InlineData("{\"op\":\"subscribe\",\"feed\":\"flights\",\"key\":\"K\",\"maxRate\":-1}", "bad-frame", "maxRate")]
    [InlineData("{\"op\":\"subscribe\",\"feed\":\"flights\",\"key\":\"K\",\"maxRate\":1e999}", "bad-frame", "maxRate")]
    [InlineData("{\"op\":\"subscribe\",\"feed\":\"flights\",\"key\":\"K\",\"resume\":7}", "bad-frame", "resume")]
    [InlineData("{\"op\":\"subscribe\",\"feed\":\"flights\",\"key\":\"K\",\"resume\":{}}", "bad-frame", "epoch")]
    [InlineData(
        "{\"op\":\"subscribe\",\"feed\":\"flights\",\"key\":\"K\",\"resume\":{\"epoch\":\"e\",\"version\":-1}}",
        "bad-frame", "resume")]
    [InlineData(
        "{\"op\":\"subscribe\",\"feed\":\"flights\",\"key\":\"K\",\"resume\":{\"epoch\":\"e\",\"version\":1,\"pos\":[]}}",
        "bad-frame", "resume.pos")]
    [InlineData("{\"op\":\"subscribe\",\"feed\":\"flights\",\"keys\":\"A*\"}", "bad-frame", "keys")]
    [InlineData("{\"op\":\"subscribe\",\"feed\":\"flights\",\"keys\":\"*\",\"key\":\"K\"}", "bad-frame", "'key'")]
    [InlineData("{\"op\":\"subscribe\",\"feed\":\"flights\",\"keys\":\"*\",\"limit\":0}", "bad-frame", "1000")]
    [InlineData("{\"op\":\"subscribe\",\"feed\":\"flights\",\"keys\":\"*\",\"limit\":1001}", "limit", "1000")]
    [InlineData("{\"op\":\"subscribe\",\"feed\":\"flights\",\"keys\":\"*\",\"sort\":\"-\"}", "bad-sort", "sort")]
    [InlineData(
        "{\"op\":\"subscribe\",\"feed\":\"flights\",\"keys\":\"*\",\"sort\":\"toString\"}",
        "bad-sort", "sort")]
    [InlineData(
        "{\"op\":\"subscribe\",\"feed\":\"flights\",\"keys\":\"*\",\"prefix\":\"\\u0000\"}",
        "bad-key", "prefix")]
    [InlineData("{\"op\":\"unsubscribe\",\"feed\":\"flights\"}", "bad-frame", "id")]
    [InlineData("{\"op\":\"unsubscribe\",\"feed\":\"flights\",\"key\":\"K\",\"id\":\"t\"}", "bad-frame", "id")]
    [InlineData("{\"op\":\"unsubscribe\",\"feed\":\"no\",\"key\":\"K\"}", "unknown-feed", "'no'")]
    public void What_is_wrong_is_named_and_the_connection_stays(string text, string code, string named)
    {
        var refused = Assert.IsType<ClientCommands.Refused>(Read(text));
        Assert.Equal(code, refused.Code);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void What_is_too_long_is_refused_by_a_short_message()
    {
        Refuse($$"""{"op":"subscribe","feed":"flights","key":"{{Long}}"}""", "bad-key");
        Refuse($$"""{"op":"subscribe","feed":"{{Long}}","key":"K"}""", "unknown-feed");
        Refuse($$"""{"op":"{{Long}}"}""", "unknown-op");
        Refuse($$"""{"op":"ping","{{Long}}":1}""", "bad-frame");
        Refuse($$"""{"op":"subscribe","feed":"flights","keys":"*","id":"{{Long}}"}""", "bad-frame");

        void Refuse(string text, string code)
        {
            var refused = Assert.IsType<ClientCommands.Refused>(Read(text));
            Assert.Equal(code, refused.Code);
            Assert.True(refused.Message.Length < 300, refused.Message);
        }
    }

    [Fact]
    public void Escapes_and_order_mean_nothing()
    {
        var plain = Assert.IsType<ClientCommands.Subscribe>(
            Read("""{"op":"subscribe","feed":"flights","key":"ATL"}"""));
        Assert.Equal(plain, Read("""  {"key":"\u0041TL","\u0066eed":"fl\u0069ghts" , "op":"subscribe"}  """));
        Assert.Equal(new ClientCommands.Ping(null), Read("""{"op":"ping"}"""));
        Assert.Equal(new ClientCommands.Rendered(3, null), Read("""{"op":"rendered","mark":3}"""));
        Assert.Null(Read("""{"op":"auth","token":""}"""));
        Assert.Equal(new ClientCommands.Hello(false), Read("""{"op":"hello"}"""));
    }

    [Theory]
    [InlineData("""{"op":"hello"}""")]
    [InlineData("""{"op":"hello","marks":true}""")]
    [InlineData("""{"op":"hello","marks":false}""")]
    public void A_hello_behind_another_frame_is_refused(string hello)
    {
        Assert.IsType<ClientCommands.Hello>(Read(hello));
        var refused = Assert.IsType<ClientCommands.Refused>(Read(hello, isFirst: false));
        Assert.Equal("bad-frame", refused.Code);
        Assert.Contains("first", refused.Message, StringComparison.Ordinal);
        Assert.Null(Read("""{"op":"auth","token":"t"}""", isFirst: false));
        Assert.Equal(new ClientCommands.Ping(1), Read("""{"op":"ping","t":1}""", isFirst: false));
    }

    [Fact]
    public void No_bytes_at_all_are_anything_else_than_a_command_an_error_or_an_end()
    {
        var seed = """{"op":"subscribe","feed":"flights","key":"K","fields":["departures"],"maxRate":4}""";
        Gen.Select(Gen.Int[0, 81], Gen.Byte, Gen.Int[0, 81], Gen.Byte).Sample((first, one, second, other) =>
        {
            var bytes = Encoding.UTF8.GetBytes(seed);
            (bytes[first % bytes.Length], bytes[second % bytes.Length]) = (one, other);
            return frames.Read(bytes, isFirst: true) is not ClientCommands.Refused refused
                || (refused.Message.Length < 600 && !refused.Message.Any(char.IsControl));
        });
    }

    private ClientCommands.ICommand? Read(string text, bool isFirst = true) =>
        frames.Read(Encoding.UTF8.GetBytes(text), isFirst);
}
