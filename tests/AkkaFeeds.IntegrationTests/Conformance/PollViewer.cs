using System.Net;
using System.Text.Json;
using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Conformance;

/// <summary>Plain HTTP: long polls, or snapshots at intervals with <c>If-None-Match</c>.</summary>
/// <param name="http">The edge.</param>
/// <param name="watched">What is watched.</param>
/// <param name="isLong">Whether a request waits for the next change.</param>
internal sealed class PollViewer(Uri http, Watched watched, bool isLong) : Viewer(http, watched)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient client = new();

    protected override Task ReadAsync(CancellationToken cancellation) => Task.WhenAll(
        Watched.Keys.Select(key => KeyAsync(key, cancellation))
            .Concat(Watched.Rows is null ? [] : [RowsAsync(cancellation)]));

    protected override ValueTask EndAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task KeyAsync(string key, CancellationToken cancellation)
    {
        string? tag = null;
        while (true)
        {
            await MayReadAsync();
            var path = $"v1/feeds/{Watched.Feed}/key?key={Uri.EscapeDataString(key)}"
                + (isLong && tag is not null ? $"&after={tag}&wait=2s" : "");
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Http, path));
            if (!isLong && tag is not null)
            {
                request.Headers.TryAddWithoutValidation("If-None-Match", $"\"{tag}\"");
            }

            using var answer = await TryAsync(request, cancellation);
            if (answer is null)
            {
                await Waiting.PauseAsync(Pause, cancellation);
                continue;
            }

            if (answer.StatusCode == HttpStatusCode.OK)
            {
                tag = answer.Headers.ETag!.Tag.Trim('"');
                using var snapshot = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation));
                Show(key, Of(snapshot.RootElement));
            }
            else
            {
                Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
            }

            if (!isLong)
            {
                await Waiting.PauseAsync(Pause, cancellation);
            }
        }
    }

    // No answer, or one that says that the node is not ready, is asked for again.
    private async Task<HttpResponseMessage?> TryAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            var answer = await client.SendAsync(request, cancellation);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                return answer;
            }

            answer.Dispose();
            return null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task RowsAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await MayReadAsync();
            using var page = JsonDocument.Parse(await client.GetByteArrayAsync(
                new Uri(Http, $"v1/feeds/{Watched.Feed}/rows?{Watched.RowsQuery}"), cancellation));
            Show(RowsOf(page.RootElement));
            await Waiting.PauseAsync(Pause, cancellation);
        }
    }

    /// <summary>What a snapshot shows.</summary>
    internal static Shown Of(JsonElement snapshot)
    {
        var data = snapshot.GetProperty("data");
        return new Shown(
            snapshot.GetProperty("epoch").GetString()!, snapshot.GetProperty("version").GetInt64(),
            snapshot.GetProperty("state").GetString()!,
            snapshot.TryGetProperty("reason", out var reason) ? reason.GetString() : null,
            data.ValueKind == JsonValueKind.Null ? "null" : HeldView.Of(data).Text);
    }

    /// <summary>What a page of rows shows.</summary>
    internal static ShownRows RowsOf(JsonElement page) => new(
        page.GetProperty("epoch").GetString()!, page.GetProperty("version").GetInt64(),
        [.. page.GetProperty("order").EnumerateArray().Select(key => key.GetString()!)],
        page.GetProperty("rows").EnumerateObject()
            .ToDictionary(row => row.Name, row => HeldView.Of(row.Value).Text),
        StatesOf(page));

    /// <summary>The states that a page or a frame names: those of rows that are not live.</summary>
    internal static Dictionary<string, string> StatesOf(JsonElement page) => page.GetProperty("states")
        .EnumerateObject().ToDictionary(state => state.Name, state => state.Value.GetString()!);
}
