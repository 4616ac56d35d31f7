using System.Net;
using System.Text.Json;

namespace AkkaFeeds.Harness;

/// <summary>Asks a server over HTTP, on both of its ports.</summary>
public sealed class ServerClient(Uri http, Uri admin) : IDisposable
{
    private const int KeysPerPage = 1_000;

    private readonly HttpClient client = new() { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Whether <c>/healthz/ready</c> answers 200; false too where nothing answers.</summary>
    public async Task<bool> IsReadyAsync()
    {
        using var answer = await TryGetAsync(new(admin, "healthz/ready"));
        return answer?.StatusCode == HttpStatusCode.OK;
    }

    /// <summary><c>/metrics</c>, or null where nothing answers.</summary>
    public async Task<Metrics?> MetricsAsync()
    {
        using var answer = await TryGetAsync(new(admin, "metrics"));
        return answer is { IsSuccessStatusCode: true } ? Metrics.Parse(await answer.Content.ReadAsStringAsync())
            : null;
    }

    /// <summary>All the keys of a feed, page by page.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync(string feed)
    {
        var keys = new List<string>();
        string? after = null;
        do
        {
            var query = $"v1/feeds/{feed}/keys?limit={KeysPerPage}"
                + (after is null ? "" : $"&after={Uri.EscapeDataString(after)}");
            using var page = JsonDocument.Parse(await client.GetByteArrayAsync(new Uri(http, query)));
            keys.AddRange(page.RootElement.GetProperty("keys").EnumerateArray().Select(key => key.GetString()!));
            after = page.RootElement.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (after is not null);
        return keys;
    }

    /// <summary>The snapshot of a key.</summary>
    public async Task<JsonDocument> KeyAsync(string feed, string key) =>
        JsonDocument.Parse(
            await client.GetByteArrayAsync(new Uri(http, $"v1/feeds/{feed}/keys/{Uri.EscapeDataString(key)}")));

    /// <summary>The snapshot of a key; null where there is none now.</summary>
    public async Task<JsonDocument?> TryKeyAsync(string feed, string key)
    {
        using var answer = await TryGetAsync(new(http, $"v1/feeds/{feed}/keys/{Uri.EscapeDataString(key)}"));
        return answer is { IsSuccessStatusCode: true }
            ? JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync())
            : null;
    }

    /// <summary>Any request of the edge: the answer as it is.</summary>
    public Task<HttpResponseMessage> GetAsync(string path) => client.GetAsync(new Uri(http, path));

    /// <summary>Any request of the admin port: the answer as it is.</summary>
    public Task<HttpResponseMessage> PostAdminAsync(string path) => client.PostAsync(new Uri(admin, path), null);

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    /// <summary>No answer is an answer while a process comes up or goes down.</summary>
    private async Task<HttpResponseMessage?> TryGetAsync(Uri uri)
    {
        try
        {
            return await client.GetAsync(uri);
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (TaskCanceledException)
        {
            return null;
        }
    }
}
