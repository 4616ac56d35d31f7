using System.Text.Json;
using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>
/// Clients that are cut at once, as by a proxy or a network that goes: nothing of theirs is left, and their ends cost
/// the others nothing, because none of them is thrown up through the server.
/// </summary>
[Collection("floods")]
public sealed class ResetTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const int Cut = 200;
    private const int Subscriptions = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("/v1/ws", "akkafeeds.v1")]
    [InlineData("/graphql", "graphql-transport-ws")]
    public async Task Clients_that_are_cut_at_once_leave_nothing_and_throw_nothing(string target, string protocol)
    {
        await using var edge = await EdgeServer.StartAsync("limits: { connectionRate: 10000 }\n");
        var sockets = new List<RawSocket>();
        for (var index = 0; index < Cut; index++)
        {
            sockets.Add(await RawSocket.ConnectAsync(edge.Http, target, protocol));
            await SubscribeAsync(sockets[^1], isGraphQl: protocol != "akkafeeds.v1");
        }

        await edge.Server.MetricsAsync(
            metrics => metrics.Sum("akkafeeds_clients") == Cut
                && metrics.Sum("akkafeeds_subscriptions") == Cut * Subscriptions,
            "all are subscribed", Patience);
        var before = await ThrownAsync(edge);
        sockets.ForEach(socket => socket.Abort());

        // Behind the cut there are writes to the cut ones, too.
        edge.Produce(SmallFeed.KeyOf(1));
        await edge.NothingIsLeftAsync();

        // The server's own ends of requests come behind the ends of our streams.
        var thrown = await ThrownAsync(edge) - before;
        output.WriteLine($"{Cut} that were cut at once threw {thrown} exceptions");
        Assert.InRange(thrown, 0, Cut / 4);
        await using var other = await edge.ConnectAsync();
        await SubscribeAsync(other, isGraphQl: false);
        edge.NothingHasFailed();
    }

    private static async Task SubscribeAsync(RawSocket socket, bool isGraphQl)
    {
        if (isGraphQl)
        {
            await socket.SendAsync("""{"type":"connection_init"}""");
        }

        for (var index = 0; index < Subscriptions; index++)
        {
            var key = SmallFeed.KeyOf(index);
            await socket.SendAsync(isGraphQl ? Operation(index, key)
                : $$"""{"op":"subscribe","feed":"small","key":"{{key}}"}""");
        }

        var answers = 0;
        await socket.UntilAsync(frame => (IsAnswer(frame) ? ++answers : answers) == Subscriptions);
    }

    private static string Operation(int id, string key) => JsonSerializer.Serialize(new
    {
        type = "subscribe",
        id = $"{id}",
        payload = new { query = $"subscription {{ small(key: \"{key}\") {{ state }} }}" },
    });

    private static bool IsAnswer(JsonElement frame) => frame.TryGetProperty("op", out var op)
        ? op.GetString() == "snapshot" : frame.GetProperty("type").GetString() == "next";

    private static async Task<double> ThrownAsync(EdgeServer edge) =>
        (await edge.Server.Client.MetricsAsync())!.Sum("dotnet_exceptions_total");
}
