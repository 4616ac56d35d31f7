using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>
/// A record may be nested 64 deep, and views, frames and answers stand around it: it is shown on every surface, and
/// costs nobody the connection.
/// </summary>
public sealed class DeepRecordTests
{
    private const int RecordDepth = 64;
    private const string Key = "deep";
    private static readonly string Deep = new string('[', RecordDepth - 1) + new string(']', RecordDepth - 1);
    private static readonly JsonDocumentOptions Any = new() { MaxDepth = 1_000 };

    [Fact]
    public async Task The_deepest_record_is_shown_on_every_surface()
    {
        await using var edge = await EdgeServer.StartAsync();
        await using var plain = await RawSocket.ConnectAsync(
            edge.Http, $"/v1/ws?sub=small:{Key}&sub=small:K001&frames=view", protocol: null);
        await using var graphQl = await RawSocket.ConnectAsync(edge.Http, "/graphql", "graphql-transport-ws");
        await graphQl.SendAsync("""{"type":"connection_init"}""");
        await SubscribeAsync(graphQl, "key", $"small(key: \"{Key}\") {{ key data {{ any last }} }}");
        await SubscribeAsync(graphQl, "rows", $"small_rows(prefix: \"{Key}\") {{ key data {{ any last }} }}");
        await using var framed = await edge.ConnectAsync();
        await framed.SendAsync($$"""{"op":"subscribe","feed":"small","key":"{{Key}}"}""");
        using var events = await EventStream.OpenAsync(edge.Http, $"sub=small:{Key}&rows=small&prefix={Key}");

        edge.Produce(Key, Encoding.UTF8.GetBytes($$"""{"k":"{{Key}}","v":1,"any":{{Deep}}}"""));
        await edge.Server.MetricsAsync(
            metrics => metrics.Sum("akkafeeds_lag_records") == 0, "the record read", TimeSpan.FromSeconds(30));
        Assert.Equal(0, (await edge.Server.Client.MetricsAsync())!.Sum("akkafeeds_quarantined_total"));

        await ShowsAsync(async () => (await plain.NextAsync()).Frame);
        await ShowsAsync(async () => (await framed.NextAsync()).Frame);
        await ShowsAsync(async () => (await events.NextAsync())?.Data);
        var names = new HashSet<string>();
        while (names.Count < 2)
        {
            var text = await ShowsAsync(async () => (await graphQl.NextAsync()).Frame);
            names.Add(JsonDocument.Parse(text, Any).RootElement.GetProperty("id").GetString()!);
        }

        using var client = new HttpClient { BaseAddress = edge.Http };
        foreach (var path in (string[])[$"small/keys/{Key}", $"raw/keys/{Key}", $"small/rows?prefix={Key}"])
        {
            Assert.Contains(Deep, await client.GetStringAsync($"v1/feeds/{path}"), StringComparison.Ordinal);
        }

        foreach (var query in (string[])[$"small(key: \"{Key}\")", $"small_rows(prefix: \"{Key}\")"])
        {
            using var answer = await client.PostAsJsonAsync(
                "graphql", new { query = $"{{ {query} {{ key data {{ any last }} }} }}" });
            Assert.Contains(Deep, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        // What else these connections watch goes on.
        edge.Produce("K001");
        Assert.NotNull((await plain.NextAsync()).Frame);
        edge.NothingHasFailed();
    }

    // What comes before it shows the key without a record, or something else.
    private static async Task<string> ShowsAsync(Func<Task<string?>> next)
    {
        while (true)
        {
            var text = await next();
            Assert.True(text is not null, "it has ended");
            if (text.Contains(Deep, StringComparison.Ordinal))
            {
                return text;
            }
        }
    }

    private static Task SubscribeAsync(RawSocket socket, string id, string selection) => socket.SendAsync(
        JsonSerializer.Serialize(new
        {
            id, type = "subscribe", payload = new { query = $"subscription {{ {selection} }}" },
        }));
}
