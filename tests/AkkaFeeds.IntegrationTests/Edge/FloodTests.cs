using System.Diagnostics;
using System.Text.Json;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>Floods against the limits of a file: each is told, and none leaves a subscription behind.</summary>
[Collection("floods")]
public sealed class FloodTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const int Subscriptions = 128;
    private const int BlankKeys = 64;
    private const int Collections = 64;

    [Fact]
    public async Task A_flood_of_subscribes_is_told_its_limit_then_closed_and_nothing_stays_at_the_slot()
    {
        await using var edge = await EdgeServer.StartAsync("limits: { commands: 300 }\n");
        var sockets = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => edge.ConnectAsync()));
        await Task.WhenAll(sockets.Select(socket => ChurnAsync(socket, pairs: 500)));
        await SubscriptionsAsync(edge, 0);
        await WatchedAsync(edge, SmallFeed.Name, 0);
        await ClosedAsync(edge, number => Subscribe($"flood{number}"), "limit", "rate");
        await ClosedAsync(edge, number => number % 2 == 0
            ? Subscribe(KeyOf(number)) : Unsubscribe(KeyOf(number - 1)), "rate");
        Array.ForEach(sockets, socket => socket.Abort());
        await edge.NothingIsLeftAsync();
        edge.NothingHasFailed();
    }

    // Row X-13 to the letter, with a rate that lets all of it in: 100,000 subscribes, and as many back and forth.
    [Fact]
    [Trait("Run", "long")]
    public async Task A_hundred_thousand_subscribes_are_answered_and_nothing_stays_at_the_slot()
    {
        const int Many = 100_000;
        await using var edge = await EdgeServer.StartAsync("limits: { commands: 100000 }\n");
        await using var socket = await edge.ConnectAsync();
        var watch = Stopwatch.StartNew();
        var limits = 0;
        for (var sent = 0; sent < Many; sent += 500)
        {
            await socket.SendAsync(FloodTests.Many(500, number => Subscribe($"flood{sent + number}")));
            limits += (await UntilCountAsync(socket, 500, "snapshot", "error"))
                .Count(frame => Is(frame, "error") && Code(frame) == "limit");
        }

        output.WriteLine($"{Many} subscribes, {limits} refused, in {watch.Elapsed.TotalSeconds:F1} s");
        Assert.Equal(Many - BlankKeys, limits);
        await SubscriptionsAsync(edge, BlankKeys);
        await WatchedAsync(edge, SmallFeed.Name, BlankKeys);

        await using var churning = await edge.ConnectAsync();
        watch.Restart();
        for (var sent = 0; sent < Many; sent += 1_000)
        {
            await ChurnAsync(churning, pairs: 500);
        }

        output.WriteLine($"{Many} subscribes and unsubscribes in {watch.Elapsed.TotalSeconds:F1} s");
        await SubscriptionsAsync(edge, BlankKeys);
        await WatchedAsync(edge, SmallFeed.Name, BlankKeys);
        socket.Abort();
        churning.Abort();
        await edge.NothingIsLeftAsync();
        edge.NothingHasFailed();
    }

    [Fact]
    [Trait("Run", "long")]
    public async Task Floods_meet_their_limits_and_leave_nothing()
    {
        await using var edge = await EdgeServer.StartAsync("limits: { connections: 200, commands: 500 }\n");
        await ManyKeysAsync(edge);
        await BlankKeysAsync(edge);
        await ManyCollectionsAsync(edge);
        await OneKeyAsync(edge);
        await BackAndForthAsync(edge);
        await CommandsAsync(edge);
        await edge.NothingIsLeftAsync();
        await ConnectionsAsync(edge);
        await HalfClosedAsync(edge);
        await edge.NothingIsLeftAsync();
        edge.NothingHasFailed();
    }

    // 300 keys on one connection: as many as allowed, and one `limit` for each of the others.
    private static async Task ManyKeysAsync(EdgeServer edge)
    {
        await using var socket = await edge.ConnectAsync();
        await socket.SendAsync(Many(300, number => Subscribe($"many{number % 300}", "raw")));
        var frames = await socket.AnswersAsync(1);
        while (frames.Count(frame => Is(frame, "error")) < 300 - BlankKeys)
        {
            frames.AddRange(await socket.AnswersAsync(2));
        }

        Assert.Equal(BlankKeys, frames.Count(frame => Is(frame, "snapshot")));
        Assert.All(frames.Where(frame => Is(frame, "error")), frame => Assert.Equal("limit", Code(frame)));
        await WatchedAsync(edge, SmallFeed.Raw, BlankKeys);
        await SubscriptionsAsync(edge, BlankKeys);
    }

    private static async Task BlankKeysAsync(EdgeServer edge)
    {
        await using var socket = await edge.ConnectAsync();
        var made = Enumerable.Range(0, EdgeServer.MadeKeys).Select(SmallFeed.KeyOf).ToList();
        var blank = Enumerable.Range(0, BlankKeys + 1).Select(number => $"blank{number}").ToList();
        await socket.SendAsync(Many(made.Count, number => Subscribe(made[number])));
        await socket.SendAsync(Many(blank.Count, number => Subscribe(blank[number])));
        var frames = await UntilCountAsync(socket, made.Count + blank.Count, "snapshot", "error");
        Assert.Equal("limit", Code(Assert.Single(frames, frame => Is(frame, "error"))));
        await SubscriptionsAsync(edge, made.Count + BlankKeys);
        Assert.True(made.Count + BlankKeys < Subscriptions);

        // A made key more than there is room for, in another feed.
        await socket.SendAsync(Many(30, number => Subscribe(made[number], SmallFeed.Raw)));
        frames = await UntilCountAsync(socket, 30, "snapshot", "error");
        var room = Subscriptions - made.Count - BlankKeys;
        Assert.Equal(30 - room, frames.Count(frame => Is(frame, "error") && Code(frame) == "limit"));
        await SubscriptionsAsync(edge, Subscriptions);
    }

    private static async Task ManyCollectionsAsync(EdgeServer edge)
    {
        await using var socket = await edge.ConnectAsync();
        await socket.SendAsync(Many(100, number =>
            $$"""{"op":"subscribe","feed":"small","keys":"*","id":"c{{number}}","prefix":"P{{number}}"}"""));
        var frames = await UntilCountAsync(socket, 100, "rows", "error");
        Assert.Equal(Collections, frames.Count(frame => Is(frame, "rows")));
        Assert.All(frames.Where(frame => Is(frame, "error")), frame => Assert.Equal("limit", Code(frame)));
        await SubscriptionsAsync(edge, Collections);
    }

    private static async Task OneKeyAsync(EdgeServer edge)
    {
        await using var socket = await edge.ConnectAsync();
        await socket.SendAsync(Many(1_000, _ => Subscribe("K000")));
        var frames = await UntilCountAsync(socket, 1_000, "snapshot", "error");
        Assert.All(frames.Where(frame => Is(frame, "error")), frame => Assert.Equal("rate", Code(frame)));
        await SubscriptionsAsync(edge, 1);
        await WatchedAsync(edge, SmallFeed.Name, 1);
    }

    private static async Task BackAndForthAsync(EdgeServer edge)
    {
        await using var socket = await edge.ConnectAsync();
        await socket.SendAsync(Many(1_500, number => (number % 3) switch
        {
            0 => Subscribe(SmallFeed.KeyOf(number % EdgeServer.MadeKeys)),
            1 => Unsubscribe(SmallFeed.KeyOf((number - 1) % EdgeServer.MadeKeys)),
            _ => """{"op":"unsubscribe","feed":"small","id":"nothing"}""",
        }));
        var frames = await UntilCountAsync(socket, 1_000, "unsubscribed");
        Assert.DoesNotContain(frames, frame => Is(frame, "error"));
        await SubscriptionsAsync(edge, 0);
    }

    private static async Task CommandsAsync(EdgeServer edge)
    {
        await using var socket = await edge.ConnectAsync();
        await socket.SendAsync(Subscribe("K001"));
        var sending = socket.SendAsync(Many(20_000, _ => """{"op":"ping","t":1}"""));
        var (frames, code) = await socket.EndAsync();
        await sending;
        Assert.Equal(4009, code);
        Assert.Equal(4009, Assert.Single(frames, frame => Is(frame, "bye")).GetProperty("code").GetInt32());
        var rates = frames.Count(frame => Is(frame, "error"));
        Assert.All(frames.Where(frame => Is(frame, "error")), frame => Assert.Equal("rate", Code(frame)));
        Assert.InRange(rates, 1, 30);
    }

    private static async Task ConnectionsAsync(EdgeServer edge)
    {
        var sockets = new List<RawSocket>();
        for (var number = 0; number < 200; number++)
        {
            sockets.Add(await edge.ConnectAsync());
            await sockets[^1].SendAsync(Subscribe("K002"));
        }

        await SubscriptionsAsync(edge, 200);
        for (var number = 0; number < 20; number++)
        {
            await using var refused = await edge.ConnectAsync();
            var (frames, code) = await refused.EndAsync();
            Assert.Equal(4011, code);
            Assert.True(Assert.Single(frames).GetProperty("retryAfter").GetInt64() > 0);
        }

        // Half of them say nothing when they go.
        foreach (var (socket, index) in sockets.Select((socket, index) => (socket, index)))
        {
            if (index % 2 == 0)
            {
                socket.Abort();
            }

            await socket.DisposeAsync();
        }

        await edge.NothingIsLeftAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, 1_000), new ParallelOptions { MaxDegreeOfParallelism = 20 },
            async (number, _) =>
            {
                await using var socket = await edge.ConnectAsync();
                await socket.SendAsync(Subscribe(SmallFeed.KeyOf(number % EdgeServer.MadeKeys)));
                if (number % 3 == 0)
                {
                    await socket.UntilAsync(frame => Is(frame, "snapshot"));
                }
                else if (number % 3 == 1)
                {
                    socket.Abort();
                }
            });
    }

    private static async Task HalfClosedAsync(EdgeServer edge)
    {
        for (var number = 0; number < 20; number++)
        {
            var socket = await edge.ConnectAsync();
            await socket.SendAsync(Subscribe("K003"));
            await socket.UntilAsync(frame => Is(frame, "snapshot"));
            socket.ShutdownSending();
            await socket.EndAsync();
            await socket.DisposeAsync();
        }
    }

    // Made keys and others, each left again as soon as it has been asked for.
    private static async Task ChurnAsync(RawSocket socket, int pairs)
    {
        var end = UntilCountAsync(socket, pairs, "unsubscribed");
        await socket.SendAsync(Many(2 * pairs, number => number % 2 == 0
            ? Subscribe(KeyOf(number)) : Unsubscribe(KeyOf(number - 1))));
        Assert.DoesNotContain(await end, frame => Is(frame, "error"));
    }

    // 100,000 frames, unless the server ends it before.
    private async Task ClosedAsync(EdgeServer edge, Func<int, string> text, params string[] codes)
    {
        await using var socket = await edge.ConnectAsync();
        var end = socket.EndAsync();
        var sent = 0;
        for (; sent < 100_000 && !end.IsCompleted; sent += 1_000)
        {
            var from = sent;
            if (!await socket.SendAsync(Many(1_000, number => text(from + number))))
            {
                break;
            }
        }

        var (frames, code) = await end;
        output.WriteLine($"closed with {code} when {sent} frames had been sent");
        Assert.Equal(4009, code);
        Assert.Equal(4009, Assert.Single(frames, frame => Is(frame, "bye")).GetProperty("code").GetInt32());
        Assert.Equal(codes, frames.Where(frame => Is(frame, "error")).Select(Code).Distinct());
    }

    private static string KeyOf(int number) => SmallFeed.KeyOf(number % (2 * EdgeServer.MadeKeys));

    private static byte[] Many(int count, Func<int, string> text)
    {
        var wire = new List<byte>();
        for (var number = 0; number < count; number++)
        {
            wire.AddRange(RawSocket.Frame(text(number)));
        }

        return [.. wire];
    }

    private static string Subscribe(string key, string feed = SmallFeed.Name) =>
        $$"""{"op":"subscribe","feed":"{{feed}}","key":"{{key}}"}""";

    private static string Unsubscribe(string key) => $$"""{"op":"unsubscribe","feed":"small","key":"{{key}}"}""";

    private static async Task<List<JsonElement>> UntilCountAsync(RawSocket socket, int count, params string[] ops)
    {
        var seen = 0;
        return await socket.UntilAsync(frame => ops.Contains(RawSocket.Op(frame)) && ++seen == count);
    }

    private static async Task SubscriptionsAsync(EdgeServer edge, int count) => await edge.Server.MetricsAsync(
        metrics => metrics.Sum("akkafeeds_subscriptions") == count, $"{count} subscriptions",
        TimeSpan.FromSeconds(20));

    private static async Task WatchedAsync(EdgeServer edge, string feed, int count) => await edge.Server.MetricsAsync(
        metrics => metrics.Sum("akkafeeds_watched_keys", ("feed", feed)) == count, $"{count} watched keys",
        TimeSpan.FromSeconds(30));

    private static bool Is(JsonElement frame, string op) => RawSocket.Op(frame) == op;

    private static string Code(JsonElement frame) => frame.GetProperty("code").GetString()!;
}
