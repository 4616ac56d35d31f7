using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>
/// Row X-10: keys that mean something to SQL, logs, paths, HTML or JavaScript, made by records of Kafka, mean nothing
/// on any surface that shows them. What no key can be is put aside, and makes none.
/// </summary>
public sealed class HostileRecordTests
{
    private const string View = "data { n big mean tags last any }";
    private static readonly string[] Hostile = BadInput.Hostile;

    [Fact]
    public async Task Hostile_keys_of_records_are_themselves_on_every_surface_and_no_log_tells_of_them()
    {
        await using var edge = await EdgeServer.StartAsync(keys: Hostile);
        var lines = 0;
        edge.Server.Process.LineRead += _ => Interlocked.Increment(ref lines);
        var views = new Dictionary<string, JsonElement>();
        foreach (var key in Hostile)
        {
            views.Add(key, await OverHttpAsync(edge, key));
        }

        await ListsAsync(edge, views);
        await SnapshotsAsync(edge, views);
        await OnceLiveAsync(() => WebSocketAsync(edge, views));
        await OnceLiveAsync(() => EventsAsync(edge, views));
        await OnceLiveAsync(() => QueriesAsync(edge, views));
        await OnceLiveAsync(() => SubscriptionsAsync(edge, views));
        await edge.NothingIsLeftAsync();
        edge.NothingHasFailed();
        Assert.True(lines == 0, edge.Server.Process.Tail);

        var before = Words((await JsonAsync(edge, "v1/feeds/small/keys?limit=1000")).GetProperty("keys"));
        await edge.PoisonAsync();
        Assert.Equal(before, Words((await JsonAsync(edge, "v1/feeds/small/keys?limit=1000")).GetProperty("keys")));
        edge.NothingHasFailed();
        Assert.DoesNotContain("\nfake", edge.Server.Process.Tail, StringComparison.Ordinal);
    }

    // A slot that a busy machine lets answer late is shown as rebuilding: then all of it is asked again.
    private static async Task OnceLiveAsync(Func<Task> check)
    {
        for (var times = 1; ; times++)
        {
            try
            {
                await check();
                return;
            }
            catch (NotLiveException) when (times < 10)
            {
                // Once more.
            }
        }
    }

    private static async Task<JsonElement> OverHttpAsync(EdgeServer edge, string key)
    {
        var snapshot = await JsonAsync(edge, $"v1/feeds/small/key?key={Uri.EscapeDataString(key)}");
        Assert.Equal((key, "live"), (snapshot.GetProperty("key").GetString(), Text(snapshot, "state")));
        if (key is not ("." or "..") && !key.Any(one => one is '/' or '%' || char.IsControl(one)))
        {
            var (status, _, body) = await RawHttp.GetAsync(
                edge.Http, "/v1/feeds/small/keys/" + RawHttp.Encoded(key));
            Assert.True(status == 200, $"{status} for {Uri.EscapeDataString(key)}");
            var inPath = JsonDocument.Parse(body).RootElement;
            Assert.Equal(key, inPath.GetProperty("key").GetString());
            Same(key, snapshot.GetProperty("data"), inPath.GetProperty("data"));
        }

        return snapshot.GetProperty("data");
    }

    // Whole, and one behind the other: each key is a place in the order, too.
    private static async Task ListsAsync(EdgeServer edge, Dictionary<string, JsonElement> views)
    {
        var all = InOrder(Enumerable.Range(0, EdgeServer.MadeKeys).Select(SmallFeed.KeyOf).Concat(Hostile));
        Assert.Equal(all, Words((await JsonAsync(edge, "v1/feeds/small/keys?limit=1000")).GetProperty("keys")));
        var walked = new List<string>();
        for (var after = ""; ;)
        {
            var page = await JsonAsync(edge, $"v1/feeds/small/keys?limit=1{after}");
            walked.AddRange(Words(page.GetProperty("keys")));
            if (!page.TryGetProperty("next", out var next))
            {
                break;
            }

            Assert.Equal(walked[^1], next.GetString());
            after = $"&after={Uri.EscapeDataString(next.GetString()!)}";
        }

        Assert.Equal(all, walked);
        foreach (var key in Hostile)
        {
            var begun = await JsonAsync(edge, $"v1/feeds/small/keys?limit=1000&prefix={Uri.EscapeDataString(key)}");
            Assert.Equal(
                all.Where(each => each.StartsWith(key, StringComparison.Ordinal)), Words(begun.GetProperty("keys")));
        }

        RowsAre(views, await JsonAsync(edge, "v1/feeds/small/rows?limit=1000"), all);
    }

    private static async Task SnapshotsAsync(EdgeServer edge, Dictionary<string, JsonElement> views)
    {
        var query = string.Join('&', Hostile.Select(key => $"key={Uri.EscapeDataString(key)}"));
        var answers = (await JsonAsync(edge, $"v1/feeds/small/snapshots?{query}")).EnumerateArray().ToList();
        Assert.Equal(Hostile, answers.Select(each => each.GetProperty("key").GetString()));
        answers.ForEach(each => Shows(views, each));
    }

    private static async Task WebSocketAsync(EdgeServer edge, Dictionary<string, JsonElement> views)
    {
        await using var socket = await edge.ConnectAsync();
        foreach (var key in Hostile)
        {
            await socket.SendAsync(JsonSerializer.Serialize(new { op = "subscribe", feed = SmallFeed.Name, key }));
            var snapshot = (await socket.UntilAsync(frame => RawSocket.Op(frame) is "snapshot" or "error"))[^1];
            Assert.Equal(key, snapshot.GetProperty("key").GetString());
            Shows(views, snapshot);
        }

        // The prefix is the collection's id as well.
        foreach (var prefix in Hostile.Where(key => key.Length <= 128))
        {
            await socket.SendAsync(JsonSerializer.Serialize(
                new { op = "subscribe", feed = SmallFeed.Name, keys = "*", prefix, limit = 1_000 }));
            var rows = (await socket.UntilAsync(frame => RawSocket.Op(frame) is "rows" or "error"))[^1];
            Assert.Equal(prefix, rows.GetProperty("id").GetString());
            RowsAre(views, rows, InOrder(Hostile.Concat(Enumerable.Range(0, EdgeServer.MadeKeys)
                .Select(SmallFeed.KeyOf)).Where(each => each.StartsWith(prefix, StringComparison.Ordinal))));
        }
    }

    private static async Task EventsAsync(EdgeServer edge, Dictionary<string, JsonElement> views)
    {
        using var stream = await EventStream.OpenAsync(edge.Http, string.Join(
            '&', Hostile.Select(key => $"sub={Uri.EscapeDataString($"small:{key}")}")) + "&rows=small&limit=1000");
        var left = new HashSet<string>(Hostile);
        var hasRows = false;
        await stream.UntilAsync(each =>
        {
            if (each.Name == "snapshot")
            {
                Assert.True(left.Remove(each.Json.GetProperty("key").GetString()!), each.Data);
                Shows(views, each.Json);
            }
            else if (each.Name == "rows")
            {
                hasRows = true;
                RowsAre(views, each.Json, null);
            }

            return left.Count == 0 && hasRows;
        });
    }

    private static async Task QueriesAsync(EdgeServer edge, Dictionary<string, JsonElement> views)
    {
        using var client = new HttpClient();
        foreach (var key in Hostile)
        {
            var data = await DataAsync(
                "query($key: String!) { small(key: $key) { key state " + View + " } "
                    + "small_keys(prefix: $key, first: 1) }",
                new { key });
            Assert.Equal(key, data.GetProperty("small").GetProperty("key").GetString());
            Shows(views, data.GetProperty("small"));
            Assert.Equal(key, data.GetProperty("small_keys")[0].GetString());
        }

        var all = await DataAsync(
            "{ small_keys(first: 1000) small_rows(limit: 1000) { key state " + View + " } }", null);
        var keys = Words((await JsonAsync(edge, "v1/feeds/small/keys?limit=1000")).GetProperty("keys"));
        Assert.Equal(keys, Words(all.GetProperty("small_keys")));
        var rows = all.GetProperty("small_rows").EnumerateArray().ToList();
        Assert.Equal(keys, rows.Select(row => row.GetProperty("key").GetString()!));
        rows.Where(row => views.ContainsKey(row.GetProperty("key").GetString()!)).ToList()
            .ForEach(row => Shows(views, row));

        async Task<JsonElement> DataAsync(string query, object? variables)
        {
            using var answer = await client.PostAsJsonAsync(new Uri(edge.Http, "graphql"), new { query, variables });
            var text = await answer.Content.ReadAsStringAsync();
            Assert.DoesNotContain("\"errors\"", text, StringComparison.Ordinal);
            return JsonDocument.Parse(text).RootElement.GetProperty("data");
        }
    }

    private static async Task SubscriptionsAsync(EdgeServer edge, Dictionary<string, JsonElement> views)
    {
        await using var socket = await RawSocket.ConnectAsync(edge.Http, "/graphql", "graphql-transport-ws");
        await socket.SendAsync("""{"type":"connection_init"}""");
        await socket.NextAsync();
        foreach (var key in Hostile)
        {
            // As text within the query, where a variable would not have to be escaped.
            var query = $"subscription {{ small(key: {JsonSerializer.Serialize(key)}) {{ key state {View} }} }}";
            var id = key.Length <= 128 ? key : $"long {Array.IndexOf(Hostile, key)}";
            await socket.SendAsync(JsonSerializer.Serialize(new { id, type = "subscribe", payload = new { query } }));
            var (text, code) = await socket.NextAsync();
            Assert.True(text is not null, $"closed with {code}");
            var message = JsonDocument.Parse(text).RootElement;
            Assert.True(message.GetProperty("id").GetString() == id && Text(message, "type") == "next", text);
            var shown = message.GetProperty("payload").GetProperty("data").GetProperty("small");
            Assert.Equal(key, shown.GetProperty("key").GetString());
            Shows(views, shown);
        }
    }

    private static void RowsAre(Dictionary<string, JsonElement> views, JsonElement page, IReadOnlyList<string>? order)
    {
        var keys = Words(page.GetProperty("order"));
        Assert.Equal(order ?? keys, keys);
        var rows = page.GetProperty("rows").EnumerateObject().ToDictionary(row => row.Name, row => row.Value);
        Assert.Equal(rows.Keys.ToHashSet(), keys.ToHashSet());
        Assert.All(keys.Intersect(Hostile), key => Same(key, views[key], rows[key]));
        Assert.True(order is not null || keys.Intersect(Hostile).Count() == Hostile.Length, page.GetRawText());
    }

    private static void Shows(Dictionary<string, JsonElement> views, JsonElement shown)
    {
        if (Text(shown, "state") == "rebuilding")
        {
            throw new NotLiveException(shown.GetRawText());
        }

        Assert.True(Text(shown, "state") == "live", shown.GetRawText());
        var key = shown.GetProperty("key").GetString()!;
        Same(key, views[key], shown.GetProperty("data"));
    }

    // What a view lacks is null in GraphQL, because the selection names it.
    private static void Same(string key, JsonElement expected, JsonElement actual) => Assert.True(
        JsonElement.DeepEquals(Present(expected), Present(actual)),
        $"{Uri.EscapeDataString(key)}: {expected} and {actual}");

    private static JsonElement Present(JsonElement view) => JsonSerializer.SerializeToElement(view.EnumerateObject()
        .Where(field => field.Value.ValueKind != JsonValueKind.Null)
        .ToDictionary(field => field.Name, field => field.Value));

    private static List<string> InOrder(IEnumerable<string> keys) =>
        [.. keys.OrderBy(key => Convert.ToHexString(Encoding.UTF8.GetBytes(key)), StringComparer.Ordinal)];

    private static List<string> Words(JsonElement list) => [.. list.EnumerateArray().Select(key => key.GetString()!)];

    private static string? Text(JsonElement json, string member) => json.GetProperty(member).GetString();

    private static async Task<JsonElement> JsonAsync(EdgeServer edge, string path)
    {
        using var answer = await edge.Server.Client.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private sealed class NotLiveException(string shown) : Exception(shown);
}
