using System.Buffers.Binary;
using System.Text;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>What no client should send, with what it has to be answered by.</summary>
internal static class BadInput
{
    private const int FrameBytesMax = 16 * 1024;

    /// <summary>Frames that one error answers; the connection goes on.</summary>
    public static readonly Dictionary<string, (string Text, string Code)> Refused = new()
    {
        ["no op"] = ("{}", "bad-frame"),
        ["an op that is no text"] = ("""{"op":{"op":"ping"}}""", "bad-frame"),
        ["an unknown op"] = ("""{"op":"shutdown"}""", "unknown-op"),
        ["an op of the server"] = ("""{"op":"welcome"}""", "unknown-op"),
        ["an op with a line break"] = ("""{"op":"\r\nSet-Cookie: a=b"}""", "unknown-op"),
        ["an unknown member"] = ("""{"op":"ping","x":1}""", "bad-frame"),
        ["__proto__ as a member"] = ("""{"op":"ping","__proto__":{"t":1}}""", "bad-frame"),
        ["half a surrogate as a key"] = ("""{"op":"subscribe","feed":"small","key":"\udfff"}""", "bad-frame"),
        ["an unknown feed"] = ("""{"op":"subscribe","feed":"nope","key":"K"}""", "unknown-feed"),
        ["a feed called constructor"] = ("""{"op":"subscribe","feed":"constructor","key":"K"}""", "unknown-feed"),
        ["a feed with a path"] = ("""{"op":"subscribe","feed":"../small","key":"K"}""", "unknown-feed"),
        ["an unknown field"] = ("""{"op":"subscribe","feed":"small","key":"K","fields":["nope"]}""", "unknown-field"),
        ["257 fields"] = (
            $$"""{"op":"subscribe","feed":"small","key":"K","fields":[{{Repeat("\"n\"", 257)}}]}""", "bad-frame"),
        ["no key"] = ("""{"op":"subscribe","feed":"small"}""", "bad-frame"),
        ["an empty key"] = ("""{"op":"subscribe","feed":"small","key":""}""", "bad-key"),
        ["a key with NUL"] = ("""{"op":"subscribe","feed":"small","key":"a\u0000b"}""", "bad-key"),
        ["a key of 10 KiB"] = (
            $$"""{"op":"subscribe","feed":"small","key":"{{new string('k', 10_240)}}"}""", "bad-key"),
        ["a key of 513 bytes in 257 characters"] = (
            $$"""{"op":"subscribe","feed":"small","key":"a{{new string('é', 256)}}"}""", "bad-key"),
        ["a key to leave of 10 KiB"] = (
            $$"""{"op":"unsubscribe","feed":"small","key":"{{new string('k', 10_240)}}"}""", "bad-key"),
        ["a number that is too large"] = ("""{"op":"ping","t":1e999}""", "bad-frame"),
        ["a number of 10,000 digits"] = ($$"""{"op":"ping","t":{{new string('9', 10_000)}}}""", "bad-frame"),
        ["a rate of nothing"] = ("""{"op":"subscribe","feed":"small","key":"K","maxRate":0}""", "bad-frame"),
        ["a sort by nothing"] = ("""{"op":"subscribe","feed":"small","keys":"*","sort":""}""", "bad-sort"),
        ["a sort by __proto__"] = ("""{"op":"subscribe","feed":"small","keys":"*","sort":"__proto__"}""", "bad-sort"),
        ["a limit beyond all"] = ("""{"op":"subscribe","feed":"small","keys":"*","limit":100000}""", "limit"),
        ["a prefix with NUL"] = ("""{"op":"subscribe","feed":"small","keys":"*","prefix":"\u0000"}""", "bad-key"),
        ["an id of 10 KiB"] = (
            $$"""{"op":"subscribe","feed":"small","keys":"*","id":"{{new string('i', 10_240)}}"}""", "bad-frame"),
        ["keys that are no star"] = ("""{"op":"subscribe","feed":"small","keys":"K*"}""", "bad-frame"),
        ["a resume of nothing"] = ("""{"op":"subscribe","feed":"small","key":"K","resume":{}}""", "bad-frame"),
        ["a resume from below 0"] = (
            """{"op":"subscribe","feed":"small","key":"K","resume":{"epoch":"e","version":-1}}""", "bad-frame"),
        ["an unsubscribe of nothing"] = ("""{"op":"unsubscribe","feed":"small"}""", "bad-frame"),
        ["an auth without a token"] = ("""{"op":"auth"}""", "bad-frame"),
        ["a rendered without a mark"] = ("""{"op":"rendered"}""", "bad-frame"),
    };

    /// <summary>
    /// Bytes that end the connection: by a bye and its code where the frame is wrong, and by WebSocket's own code
    /// (RFC 6455, 7.4.1) where the bytes are no frame.
    /// </summary>
    public static readonly Dictionary<string, (byte[] Bytes, int Code)> Ended = new()
    {
        ["no JSON"] = (RawSocket.Frame("hello"), 4000),
        ["an empty frame"] = (RawSocket.Frame(""), 4000),
        ["a cut object"] = (RawSocket.Frame("""{"op":"pi"""), 4000),
        ["two objects"] = (RawSocket.Frame("""{"op":"ping"}{"op":"ping"}"""), 4000),
        ["an array"] = (RawSocket.Frame("""[{"op":"ping"}]"""), 4000),
        ["null"] = (RawSocket.Frame("null"), 4000),
        ["a member twice"] = (RawSocket.Frame("""{"op":"ping","t":1,"t":2}"""), 4000),
        ["an op twice, once escaped"] = (RawSocket.Frame("""{"op":"ping","\u006fp":"hello"}"""), 4000),
        ["half a surrogate as a member"] = (RawSocket.Frame("""{"op":"ping","\ud800":1}"""), 4000),
        ["half a surrogate as a partition"] = (RawSocket.Frame(
            """{"op":"subscribe","feed":"small","key":"K","resume":{"epoch":"e","version":1,"pos":{"\ud800":1}}}"""),
            4000),
        ["5,000 levels"] = (RawSocket.Frame($$"""{"op":{{new string('[', 5_000)}}"""), 4000),
        ["a byte order mark"] = (RawSocket.Frame("\ufeff{\"op\":\"ping\"}"), 4000),
        ["NUL behind the object"] = (RawSocket.Frame("{\"op\":\"ping\"}\0"), 4000),
        ["a binary frame"] = (RawSocket.Frame(RawSocket.Binary, """{"op":"ping"}"""u8), 4000),
        ["one byte too many"] = (RawSocket.Frame(new string(' ', FrameBytesMax + 1)), 1009),
        ["a frame of 1 MiB"] = (RawSocket.Frame(new string('x', 1024 * 1024)), 1009),
        ["fragments that are too large together"] = (
            [
                .. RawSocket.Frame(RawSocket.Text, new byte[FrameBytesMax], isFinal: false),
                .. RawSocket.Frame(0, " "u8),
            ], 1009),
        ["a header that says 2^62 bytes"] = (Huge(1L << 62), 1009),
        ["an unmasked frame"] = (
            RawSocket.Frame(RawSocket.Text, """{"op":"ping"}"""u8, isMasked: false), 1002),
        ["ill-formed UTF-8"] = (RawSocket.Frame(RawSocket.Text, [0x22, 0xff, 0xfe, 0x22]), 1007),
        ["UTF-8 of a surrogate"] = (RawSocket.Frame(RawSocket.Text, [0x22, 0xed, 0xa0, 0x80, 0x22]), 1007),
        ["overlong UTF-8"] = (RawSocket.Frame(RawSocket.Text, [0x22, 0xc0, 0xaf, 0x22]), 1007),
        ["a reserved bit"] = (RawSocket.Frame(0x40 | RawSocket.Text, "{}"u8), 1002),
        ["an unknown opcode"] = (RawSocket.Frame(3, "{}"u8), 1002),
        ["an unknown control opcode"] = (RawSocket.Frame(11, ""u8), 1002),
        ["a continuation of nothing"] = (RawSocket.Frame(0, "{}"u8), 1002),
        ["a text inside a text"] = (
            [
                .. RawSocket.Frame(RawSocket.Text, "{"u8, isFinal: false),
                .. RawSocket.Frame(RawSocket.Text, "{}"u8),
            ], 1002),
        ["a ping of 126 bytes"] = (RawSocket.Frame(RawSocket.PingOp, new byte[126]), 1002),
        ["a ping in fragments"] = (RawSocket.Frame(RawSocket.PingOp, "a"u8, isFinal: false), 1002),
        ["a length below 0"] = (Huge(long.MinValue), 1002),
        ["a close of one byte"] = (RawSocket.Frame(RawSocket.CloseOp, "a"u8), 1002),
    };

    /// <summary>Keys that mean something to somebody else, and nothing here.</summary>
    public static readonly string[] Hostile =
    [
        "\r\nfake: line", "\"", "\\", "\"}{\"op\":\"bye\"", "'; DROP TABLE journal; --", "%2e%2e/", "../../etc/passwd",
        ".", "..", "/", "%", "%00", "\u202eevil", "__proto__", "constructor", "toString", "{0}", "${jndi:x}", "a b",
        "<script>alert(1)</script>", "</script>", "\ud83d\ude00", "\ufeff", "\ufffe", "\u001b[31mred",
        "\u007f", "\u2028", "tenant/key", "a+b", "&key=x", "?x=1#y", "*", "$where", "CON", "K001\r", "K001 ", "k001",
        "\ufffd",
        new string('k', 512), new string('\u0001', 512), new string('é', 256),
    ];

    private static byte[] Huge(long length)
    {
        var frame = RawSocket.Frame(RawSocket.Text, new byte[70_000]);
        BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(2), length);
        return frame;
    }

    private static string Repeat(string text, int count) =>
        new StringBuilder().AppendJoin(',', Enumerable.Repeat(text, count)).ToString();
}
