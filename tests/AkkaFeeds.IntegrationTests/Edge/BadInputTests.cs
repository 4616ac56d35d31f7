using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>
/// Bad input over a real socket to the real server: one error or one close code each, and nothing is left behind.
/// </summary>
[Collection("floods")]
public sealed class BadInputTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const string Good = """{"op":"subscribe","feed":"small","key":"K001"}""";

    private static readonly (string Target, string Protocol)[] Framed =
        [("/v1/ws", "akkafeeds.v1"), ("/graphql", "graphql-transport-ws")];

    private static readonly FrameSchema Schema = FrameSchema.Parse(File.ReadAllText(
        Path.Combine(ServerBinary.Root, "src", "akkafeeds-js", "schema.json")));

    [Fact]
    public async Task Each_bad_frame_has_one_answer_and_none_leaves_anything()
    {
        await using var edge = await EdgeServer.StartAsync();
        await RefusedAsync(edge);
        await EndedAsync(edge);
        await OrderAsync(edge);
        await FragmentsAsync(edge);
        await HostileKeysAsync(edge);
        await PingsAsync(edge);
        await CompressionAsync(edge);
        await ManyFragmentsAsync(edge);
        await edge.NothingIsLeftAsync();
        edge.NothingHasFailed();
    }

    private static async Task RefusedAsync(EdgeServer edge)
    {
        foreach (var (name, (text, code)) in BadInput.Refused)
        {
            await using var socket = await edge.ConnectAsync();
            await socket.SendAsync(text);
            var frames = await socket.AnswersAsync(1);
            var error = Assert.Single(frames, frame => RawSocket.Op(frame) == "error");
            Assert.True(error.GetProperty("code").GetString() == code, $"{name}: {error}");
            await socket.SendAsync(Good);
            frames.AddRange(await socket.UntilAsync(frame => RawSocket.Op(frame) == "snapshot"));
            Assert.True(frames.Count(frame => RawSocket.Op(frame) == "error") == 1, $"{name}: a second error");
            AssertClean(name, frames);
        }
    }

    private static async Task EndedAsync(EdgeServer edge)
    {
        foreach (var (name, (bytes, code)) in BadInput.Ended)
        {
            await using var socket = await edge.ConnectAsync();
            await socket.SendAsync(Good);
            await socket.UntilAsync(frame => RawSocket.Op(frame) == "snapshot");
            await socket.SendAsync(bytes);
            var (frames, closed) = await socket.EndAsync();
            Assert.True(closed == code, $"{name}: closed with {closed}, not {code}");
            var byes = frames.Where(frame => RawSocket.Op(frame) == "bye").ToList();
            Assert.True(byes.Count == (code is 1002 or 1007 ? 0 : 1), $"{name}: {byes.Count} byes");
            Assert.All(byes, bye => Assert.Equal(code, bye.GetProperty("code").GetInt32()));
            AssertClean(name, frames);
        }
    }

    // hello, auth, the rest: a hello behind anything else is refused and changes nothing.
    private static async Task OrderAsync(EdgeServer edge)
    {
        const string Hello = """{"op":"hello","marks":true}""";
        const string Auth = """{"op":"auth","token":"t"}""";
        (string[] Sent, int Errors)[] orders =
        [
            ([Hello, Auth, Good], 0), ([Hello, Good, Auth], 0), ([Auth, Good], 0), ([Auth, Hello, Good], 1),
            ([Good, Hello], 1), ([Hello, Hello, Good], 1), (["""{"op":"nothing"}""", Hello, Good], 2),
        ];
        foreach (var (sent, errors) in orders)
        {
            await using var socket = await edge.ConnectAsync();
            await socket.SendAsync(sent.SelectMany(RawSocket.Frame).ToArray());
            var frames = await socket.UntilAsync(frame => RawSocket.Op(frame) == "snapshot");
            frames.AddRange(await socket.AnswersAsync(1));
            var name = string.Join(' ', sent);
            Assert.True(frames.Count(frame => RawSocket.Op(frame) == "error") == errors, $"{name}: {errors} wanted");
            Assert.True(
                frames.Any(frame => RawSocket.Op(frame) == "mark") == (sent[0] == Hello), $"{name}: marks, or none");
            AssertClean(name, frames);
        }
    }

    private static async Task FragmentsAsync(EdgeServer edge)
    {
        var text = Encoding.UTF8.GetBytes("""{"op":"subscribe","feed":"small","key":"é😀"}""");
        await using var socket = await edge.ConnectAsync();
        for (var cut = 1; cut < text.Length; cut++)
        {
            await socket.SendAsync(RawSocket.Frame(RawSocket.Text, text.AsSpan(0, cut), isFinal: false));
            await socket.SendAsync(RawSocket.Frame(RawSocket.PingOp, "between"u8));
            await socket.SendAsync(RawSocket.Frame(0, text.AsSpan(cut)));
            var answer = (await socket.UntilAsync(frame => RawSocket.Op(frame) is "snapshot" or "error"))[^1];
            Assert.Equal("é😀", answer.GetProperty("key").GetString());
            Assert.Equal("blank", answer.GetProperty("state").GetString());
        }

        // A byte a fragment, with empty ones between, and all of it a byte a write.
        var wire = new List<byte>();
        for (var index = 0; index < text.Length; index++)
        {
            wire.AddRange(RawSocket.Frame(index == 0 ? RawSocket.Text : 0, text.AsSpan(index, 1), isFinal: false));
            wire.AddRange(RawSocket.Frame(0, [], isFinal: false));
        }

        wire.AddRange(RawSocket.Frame(0, []));
        foreach (var one in wire)
        {
            await socket.SendAsync(new[] { one });
        }

        await socket.UntilAsync(frame => RawSocket.Op(frame) == "snapshot");
        Assert.Equal(text.Length - 1, socket.Pongs);
    }

    private static async Task HostileKeysAsync(EdgeServer edge)
    {
        await using var socket = await edge.ConnectAsync();
        foreach (var key in BadInput.Hostile)
        {
            var frame = JsonSerializer.Serialize(new { op = "subscribe", feed = SmallFeed.Name, key });
            await socket.SendAsync(frame);
            var frames = await socket.UntilAsync(each => RawSocket.Op(each) is "snapshot" or "error");
            Assert.Equal(key, frames[^1].GetProperty("key").GetString());
            Assert.Equal("blank", frames[^1].GetProperty("state").GetString());
            await socket.SendAsync(JsonSerializer.Serialize(new { op = "unsubscribe", feed = SmallFeed.Name, key }));
            frames.AddRange(await socket.UntilAsync(each => RawSocket.Op(each) == "unsubscribed"));
            Assert.Equal(key, frames[^1].GetProperty("key").GetString());
            AssertClean(key, frames);
            await OverHttpAsync(edge, key);
        }
    }

    private static async Task OverHttpAsync(EdgeServer edge, string key)
    {
        using var inQuery = await edge.Server.Client.GetAsync(
            $"v1/feeds/small/key?key={Uri.EscapeDataString(key)}");
        Assert.Equal(HttpStatusCode.OK, inQuery.StatusCode);
        using var snapshot = JsonDocument.Parse(await inQuery.Content.ReadAsStringAsync());
        Assert.Equal(key, snapshot.RootElement.GetProperty("key").GetString());
        Assert.Equal("blank", snapshot.RootElement.GetProperty("state").GetString());

        var isRefused = key is "." or ".." || key.Any(one => one is '/' or '%' || char.IsControl(one));
        var answer = await RawHttp.GetAsync(edge.Http, "/v1/feeds/small/keys/" + RawHttp.Encoded(key));
        Assert.True(
            answer.Status == (isRefused ? 400 : 200), $"{answer.Status} for the key {Uri.EscapeDataString(key)}");
        using var body = JsonDocument.Parse(answer.Body);
        Assert.Equal(
            isRefused ? "/problems/bad-key" : key,
            body.RootElement.GetProperty(isRefused ? "type" : "key").GetString());
    }

    private static async Task PingsAsync(EdgeServer edge)
    {
        const int Count = 20_000;
        await using var socket = await edge.ConnectAsync();
        var ping = RawSocket.Frame(RawSocket.PingOp, new byte[125]);
        var flood = SendAsync();
        await socket.UntilAsync(frame => RawSocket.Op(frame) == "pong" && frame.TryGetProperty("t", out _));
        await flood;
        Assert.Equal(Count, socket.Pongs);

        async Task SendAsync()
        {
            byte[] hundred = [.. Enumerable.Repeat(ping, 100).SelectMany(each => each)];
            for (var sent = 0; sent < Count; sent += 100)
            {
                await socket.SendAsync(hundred);
            }

            await socket.SendAsync("""{"op":"ping","t":1}""");
        }
    }

    // Row X-09: nothing is negotiated, so what comes compressed is no frame, and nobody inflates it.
    private static async Task CompressionAsync(EdgeServer edge)
    {
        var bomb = Deflated(new byte[8 * 1024 * 1024]);
        string[] offers =
        [
            "permessage-deflate", "permessage-deflate; client_max_window_bits; server_no_context_takeover",
            "x-webkit-deflate-frame, permessage-deflate; client_no_context_takeover",
        ];
        foreach (var offer in offers)
        {
            foreach (var (target, protocol) in Framed)
            {
                await using var socket = await RawSocket.ConnectAsync(
                    edge.Http, target, protocol, headers: $"Sec-WebSocket-Extensions: {offer}\r\n");
                Assert.DoesNotContain("Sec-WebSocket-Extensions", socket.Head, StringComparison.OrdinalIgnoreCase);
                await socket.SendAsync(RawSocket.Frame(0x40 | RawSocket.Text, bomb));
                var (frames, code) = await socket.EndAsync();
                Assert.True(code == 1002, $"{target}, {offer}: closed with {code}");
                Assert.DoesNotContain(frames, frame => RawSocket.Op(frame) is "error" or "bye");
            }
        }
    }

    // Row X-08: each frame of a message counts, also the empty one.
    private async Task ManyFragmentsAsync(EdgeServer edge)
    {
        const int Count = 1_000_000;
        const int AtOnce = 1_000;
        foreach (var payload in (byte[][])[[], [(byte)' ']])
        {
            foreach (var (target, protocol) in Framed)
            {
                await using var socket = await RawSocket.ConnectAsync(edge.Http, target, protocol);
                await socket.SendAsync(RawSocket.Frame(RawSocket.Text, payload, isFinal: false));
                byte[] some = [.. Enumerable.Repeat(RawSocket.Frame(0, payload, isFinal: false), AtOnce)
                    .SelectMany(frame => frame)];
                var end = socket.EndAsync();
                var sent = 0;
                while (sent < Count && !end.IsCompleted && await socket.SendAsync(some))
                {
                    sent += AtOnce;
                }

                await socket.SendAsync(RawSocket.Frame(0, """{"op":"ping"}"""u8));
                var (frames, code) = await end;
                var told = $"{target}: closed with {code} when {sent} fragments of {payload.Length} had been sent";
                output.WriteLine(told);
                Assert.True(code == 4009, told);
                Assert.DoesNotContain(frames, frame => RawSocket.Op(frame) == "error");
            }
        }
    }

    private static byte[] Deflated(byte[] bytes)
    {
        using var deflated = new MemoryStream();
        using (var deflate = new DeflateStream(deflated, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            deflate.Write(bytes);
        }

        return deflated.ToArray();
    }

    private static void AssertClean(string name, IEnumerable<JsonElement> frames)
    {
        foreach (var frame in frames)
        {
            var text = frame.GetRawText();
            Assert.True(Schema.Find(frame) is null, $"{name}: {Schema.Find(frame)}: {text}");
            Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
            Assert.All(text, one => Assert.False(char.IsControl(one), $"{name}: a control character in {text}"));
            if (RawSocket.Op(frame) == "error")
            {
                Assert.True(frame.GetProperty("message").GetString()!.Length < 400, $"{name}: {text}");
            }
        }
    }
}
