using System.Text;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>
/// Requests of which two readers may see different ends (RFC 9112, section 11.2). Each carries a second request, which
/// must never be one: it asks for a key that nothing else asks for.
/// </summary>
internal static class Smuggling
{
    /// <summary>The key of the request that is hidden.</summary>
    public const string Hidden = "SMUGGLED";

    private const string Second = "GET /v1/feeds/small/keys/" + Hidden + " HTTP/1.1\r\nHost: [::1]\r\n\r\n";
    private const string Post = "POST /graphql HTTP/1.1\r\nHost: [::1]\r\nContent-Type: application/json\r\n";
    private const string Get = "GET /v1/feeds HTTP/1.1\r\nHost: [::1]\r\n";
    private const string Chunked = Post + "Transfer-Encoding: chunked\r\n\r\n";
    private const string Ended = "0\r\n\r\n";
    private const string Encoded = "Transfer-Encoding: chunked\r\n";
    private const string Both = Ended + Second;

    /// <summary>What is sent, by what is wrong with it.</summary>
    public static IEnumerable<KeyValuePair<string, string>> All =>
        [.. Lengths, .. OddLengths, .. Encodings, .. Lines, .. Chunks, .. Heads, .. Bodies];

    /// <summary>Two requests that are two: the answer to the second has the hidden key.</summary>
    public const string Two = Get + "\r\n" + Second;

    // Two lengths.
    private static Dictionary<string, string> Lengths => new()
    {
        ["length, then chunks"] = Post + Length(Both) + Encoded + "\r\n" + Both,
        ["chunks, then a length"] = Post + Encoded + Length(Both) + "\r\n" + Both,
        ["a length of nothing, and chunks"] = Post + "Content-Length: 0\r\n" + Encoded + "\r\n" + Both,
        ["a short length, and chunks"] = Post + "Content-Length: 5\r\n" + Encoded + "\r\n" + Both,
        ["a GET with a length, and chunks"] = Get + "Content-Length: 5\r\n" + Encoded + "\r\n" + Both,
        ["two lengths"] = Post + "Content-Length: 0\r\n" + Length(Second) + "\r\n" + Second,
        ["two lengths the other way"] = Post + Length(Second) + "Content-Length: 0\r\n\r\n" + Second,
        ["two equal lengths"] = Post + Length(Second) + Length(Second) + "\r\n" + Second,
        ["two lengths in one"] = Post + $"Content-Length: {Second.Length}, {Second.Length}\r\n\r\n" + Second,
        ["0 and a length in one"] = Post + $"Content-Length: 0,{Second.Length}\r\n\r\n" + Second,
    };

    // Lengths that are none.
    private static Dictionary<string, string> OddLengths => new()
    {
        ["a length with a plus"] = Post + $"Content-Length: +{Second.Length}\r\n\r\n" + Second,
        ["a length below 0"] = Post + $"Content-Length: -{Second.Length}\r\n\r\n" + Second,
        ["a length in hex"] = Post + $"Content-Length: 0x{Second.Length:x}\r\n\r\n" + Second,
        ["a length with a point"] = Post + $"Content-Length: {Second.Length}.0\r\n\r\n" + Second,
        ["a length beyond 64 bits"] = Post + "Content-Length: 18446744073709551616\r\n\r\n" + Second,
        ["a length with a space in it"] = Post + "Content-Length: 1 0\r\n\r\n" + Second,
        ["an empty length"] = Post + "Content-Length: \r\n\r\n" + Second,
        ["a length with NUL"] = Post + "Content-Length: 0\0\r\n\r\n" + Second,
    };

    // Encodings that one reader takes for chunked and another does not.
    private static Dictionary<string, string> Encodings => new()
    {
        ["an encoding that is not chunked"] = Post + "Transfer-Encoding: xchunked\r\n\r\n" + Both,
        ["identity"] = Post + "Transfer-Encoding: identity\r\n" + Length(Second) + "\r\n" + Second,
        ["chunked, then identity"] = Post + "Transfer-Encoding: chunked, identity\r\n\r\n" + Both,
        ["chunked and another"] = Post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n\r\n" + Both,
        ["chunked twice"] = Post + "Transfer-Encoding: chunked, chunked\r\n\r\n" + Both,
        ["a space before the colon"] = Post + "Transfer-Encoding : chunked\r\n" + Length(Both) + "\r\n" + Both,
        ["a tab before the colon"] = Post + "Transfer-Encoding\t: chunked\r\n" + Length(Both) + "\r\n" + Both,
        ["vertical tab before chunked"] = Post + "Transfer-Encoding: \vchunked\r\n" + Length(Both) + "\r\n" + Both,
        ["chunked in quotes"] = Post + "Transfer-Encoding: \"chunked\"\r\n\r\n" + Both,
        ["chunked behind NUL"] = Post + "Transfer-Encoding: \0chunked\r\n" + Length(Both) + "\r\n" + Both,
        ["chunks in HTTP/1.0"] = (Post + Encoded + "\r\n" + Both).Replace("/1.1", "/1.0", StringComparison.Ordinal),
    };

    // Lines that one reader folds, and another ends.
    private static Dictionary<string, string> Lines => new()
    {
        ["a folded header"] = Get + "X-A: b\r\n Content-Length: 0\r\n\r\n" + Second,
        ["a folded encoding"] = Post + "Transfer-Encoding:\r\n chunked\r\n\r\n" + Both,
        ["a header that begins with a tab"] = Get + "X-A: b\r\n\tc\r\n\r\n" + Second,
        ["a first header that is folded"] = "GET /v1/feeds HTTP/1.1\r\n Host: [::1]\r\n\r\n" + Second,
        ["bare LF between headers"] = "GET /v1/feeds HTTP/1.1\nHost: [::1]\n\n" + Second,
        ["bare LF inside a header"] = Get + "X-A: b\nContent-Length: 5\r\n\r\n" + Second,
        ["bare CR inside a header"] = Get + "X-A: b\rContent-Length: 5\r\n\r\n" + Second,
        ["bare CR behind the headers"] = Get + "\r\r\n" + Second,
        ["NUL in a header"] = Get + "X-A: b\0c\r\n\r\n" + Second,
        ["a header without a colon"] = Get + "X-A\r\n\r\n" + Second,
        ["a header without a name"] = Get + ": a\r\n\r\n" + Second,
        ["a space in a header's name"] = Get + "Content Length: 5\r\n\r\n" + Second,
    };

    // Chunks.
    private static Dictionary<string, string> Chunks => new()
    {
        ["a chunk of a size with 0x"] = Chunked + "0x0\r\n\r\n" + Second,
        ["a chunk of a size below 0"] = Chunked + "-1\r\n\r\n" + Second,
        ["a chunk of a size beyond 64 bits"] = Chunked + "10000000000000000\r\n\r\n" + Second,
        ["a chunk of no size"] = Chunked + "\r\n\r\n" + Second,
        ["a chunk of a size with a plus"] = Chunked + "+0\r\n\r\n" + Second,
        ["a chunk of a size with a space before"] = Chunked + " 0\r\n\r\n" + Second,
        ["a chunk that is longer than its size"] = Chunked + "2\r\n{}}\r\n" + Both,
        ["a chunk that ends with LF"] = Chunked + "2\r\n{}\n" + Both,
        ["a chunk whose size ends with LF"] = Chunked + "2\n{}\r\n" + Both,
        ["an extension that ends with LF"] = Chunked + "2;a=b\n{}\r\n" + Both,
        ["LF inside an extension"] = Chunked + "2;a\nxx\r\n{}\r\n" + Both,
        ["CR inside an extension"] = Chunked + "2;a\rxx\r\n{}\r\n" + Both,
        ["a request inside an extension"] = Chunked + "2;\n" + Second + "\r\n{}\r\n" + Ended,
        ["an extension of 100 KB"] = Chunked + "2;" + new string('a', 100_000) + "\r\n{}\r\n" + Ended,
        ["the last chunk with LF"] = Chunked + "2\r\n{}\r\n0\n\n" + Second,
        ["a length in the trailer"] = Chunked + "2\r\n{}\r\n0\r\nContent-Length: 5\r\n: x\r\n\r\n" + Second,
    };

    // Hosts, targets and versions.
    private static Dictionary<string, string> Heads => new()
    {
        ["no host"] = "GET /v1/feeds HTTP/1.1\r\n\r\n" + Second,
        ["two hosts"] = Get + "Host: b\r\n\r\n" + Second,
        ["a host with a path"] = "GET /v1/feeds HTTP/1.1\r\nHost: a/b\r\n\r\n" + Second,
        ["a target of another host"] = "GET http://b/v1/feeds HTTP/1.1\r\nHost: [::1]\r\n\r\n" + Second,
        ["HTTP/0.9"] = "GET /v1/feeds\r\n\r\n" + Second,
        ["HTTP/1.2"] = "GET /v1/feeds HTTP/1.2\r\nHost: [::1]\r\n\r\n" + Second,
        ["HTTP/2.0 in words"] = "GET /v1/feeds HTTP/2.0\r\nHost: [::1]\r\n\r\n" + Second,
        ["a space behind the version"] = "GET /v1/feeds HTTP/1.1 \r\nHost: [::1]\r\n\r\n" + Second,
        ["a tab in the first line"] = "GET\t/v1/feeds\tHTTP/1.1\r\nHost: [::1]\r\n\r\n" + Second,
        ["a space in the target"] = "GET /v1/feeds x HTTP/1.1\r\nHost: [::1]\r\n\r\n" + Second,
        ["a line break in the target"] = "GET /v1/feeds\r\nX: y HTTP/1.1\r\nHost: [::1]\r\n\r\n" + Second,
    };

    // What is a body here, and might be a request to who reads none.
    private static Dictionary<string, string> Bodies => new()
    {
        ["a GET with a body"] = Get + Length(Second) + "\r\n" + Second,
        ["a GET with a chunk"] = Get + Encoded + "\r\n" + Chunk(Second) + Ended,
        ["a HEAD with a body"] = "HEAD /v1/feeds HTTP/1.1\r\nHost: [::1]\r\n" + Length(Second) + "\r\n" + Second,
        ["a PUT with a body"] = "PUT /v1/feeds HTTP/1.1\r\nHost: [::1]\r\n" + Length(Second) + "\r\n" + Second,
        ["a body that is expected"] = Post + "Expect: 100-continue\r\n" + Length(Second) + "\r\n" + Second,
        ["an upgrade to HTTP/2 with a body"] = Get + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
            + "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n" + Length(Second) + "\r\n" + Second,
        ["a WebSocket with a body"] =
            "GET /v1/ws HTTP/1.1\r\nHost: [::1]\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + "Sec-WebSocket-Protocol: akkafeeds.v1\r\n" + Length(Second) + "\r\n" + Second,
        ["a WebSocket of another version"] =
            "GET /v1/ws HTTP/1.1\r\nHost: [::1]\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 777\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + Length(Second)
            + "\r\n" + Second,
    };

    private static string Length(string body) => $"Content-Length: {Encoding.ASCII.GetByteCount(body)}\r\n";

    private static string Chunk(string body) => $"{body.Length:x}\r\n{body}\r\n";
}
