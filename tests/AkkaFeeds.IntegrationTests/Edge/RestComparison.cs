using System.Text.Json;
using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>Compares what a client holds with what HTTP answers, when nothing moves any more.</summary>
internal sealed class RestComparison(ServerClient server) : IDisposable
{
    private readonly Dictionary<string, JsonDocument> answers = [];

    /// <summary>The first difference; null where the client holds the truth and knows that it is live.</summary>
    public async Task<string?> FindAsync(FrameChecker client)
    {
        foreach (var key in client.Keys.Where(key => key.IsAnswered))
        {
            if (await FindAsync(key) is { } difference)
            {
                Dispose();
                return difference;
            }
        }

        foreach (var rows in client.Rows.Where(rows => rows.IsAnswered))
        {
            if (await FindAsync(rows) is { } difference)
            {
                Dispose();
                return difference;
            }
        }

        return null;
    }

    public void Dispose()
    {
        foreach (var answer in answers.Values)
        {
            answer.Dispose();
        }

        answers.Clear();
    }

    private async Task<string?> FindAsync(HeldKey held)
    {
        var truth = (await AnswerAsync($"v1/feeds/{held.Feed}/keys/{held.Key}")).RootElement;
        var state = truth.GetProperty("state").GetString();
        var (epoch, version) = (truth.GetProperty("epoch").GetString(), truth.GetProperty("version").GetInt64());
        var view = Projected(truth.GetProperty("data"), held.Fields);

        // A client that watches some fields is not told of versions that change others.
        var isSame = held.View == view && held.Epoch == epoch && held.State == state
            && (held.Version == version || (held.Fields != "*" && held.Version < version));
        var isAtRest = state is "live" or "blank";
        return isSame && isAtRest ? null
            : $"{held.Feed}:{held.Key} [{held.Fields}]: {held.Epoch} {held.Version} {held.State} {held.View}, "
                + $"but HTTP says {epoch} {version} {state} {view}";
    }

    private async Task<string?> FindAsync(HeldRows held)
    {
        var query = SmallFeed.Queries[int.Parse(held.Id[1..])];
        var parameters = query.Select(each => $"{each.Key}={Uri.EscapeDataString(each.Value switch
        {
            System.Text.Json.Nodes.JsonArray fields => string.Join(',', fields.Select(field => (string)field!)),
            var value => value!.ToString(),
        })}");
        var truth = (await AnswerAsync($"v1/feeds/{held.Feed}/rows?{string.Join('&', parameters)}")).RootElement;
        var order = truth.GetProperty("order").EnumerateArray().Select(key => key.GetString()!).ToList();
        var rows = truth.GetProperty("rows");
        var different = order.Find(key =>
            held.Rows.GetValueOrDefault(key) != HeldView.Of(rows.GetProperty(key)).Text);
        return held.Order.SequenceEqual(order) && different is null && held.States.Count == 0
            && held.Total == truth.GetProperty("total").GetInt64() ? null
            : $"{held.Feed} rows {held.Id}: [{string.Join(',', held.Order)}] of {held.Total}, but HTTP says "
                + $"[{string.Join(',', order)}] of {truth.GetProperty("total")}; row {different}: "
                + $"{held.Rows.GetValueOrDefault(different ?? "")}; states {string.Join(',', held.States)}";
    }

    private async Task<JsonDocument> AnswerAsync(string path)
    {
        if (!answers.TryGetValue(path, out var answer))
        {
            using var response = await server.GetAsync(path);
            response.EnsureSuccessStatusCode();
            answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            answers.Add(path, answer);
        }

        return answer;
    }

    private static string Projected(JsonElement data, string fields)
    {
        if (data.ValueKind == JsonValueKind.Null)
        {
            return "null";
        }

        if (fields == "*")
        {
            return HeldView.Of(data).Text;
        }

        var wanted = fields.Split(',');
        var members = data.EnumerateObject().Where(member => wanted.Contains(member.Name))
            .Select(member => $"{JsonSerializer.Serialize(member.Name)}:{member.Value.GetRawText()}");
        using var document = JsonDocument.Parse($"{{{string.Join(',', members)}}}");
        return HeldView.Of(document.RootElement).Text;
    }
}
