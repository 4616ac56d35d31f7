using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Conformance;

/// <summary>Queries of GraphQL by POST, at intervals.</summary>
internal sealed class GraphQlQueryViewer(Uri http, Watched watched) : Viewer(http, watched)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient client = new();

    protected override async Task ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            foreach (var key in Watched.Keys)
            {
                await MayReadAsync();
                using var result = await TryAsync(GraphQlText.Key(Watched, key), cancellation);
                if (result is not null && GraphQlText.KeyOf(Of(result)) is { } shown)
                {
                    Show(key, shown);
                }
            }

            if (Watched.Rows is not null)
            {
                await MayReadAsync();
                using var result = await TryAsync(GraphQlText.Rows(Watched), cancellation);
                if (result is not null)
                {
                    Show(GraphQlText.RowsOf(Of(result)));
                }
            }

            await Waiting.PauseAsync(Pause, cancellation);
        }
    }

    protected override ValueTask EndAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static JsonElement Of(JsonDocument result) =>
        result.RootElement.GetProperty("data").EnumerateObject().First().Value;

    // No answer, or one that says that the node is not ready, is asked for again.
    private async Task<JsonDocument?> TryAsync(string query, CancellationToken cancellation)
    {
        try
        {
            using var answer = await client.PostAsJsonAsync(new Uri(Http, "graphql"), new { query }, cancellation);
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                return null;
            }

            var result = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation));
            if (!result.RootElement.TryGetProperty("errors", out var errors))
            {
                return result;
            }

            Assert.Equal("not-ready", errors[0].GetProperty("extensions").GetProperty("code").GetString());
            result.Dispose();
            return null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
