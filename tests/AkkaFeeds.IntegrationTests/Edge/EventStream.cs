using System.Diagnostics;
using System.Text.Json;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>One event of a stream, and when it was read.</summary>
internal sealed record ServerEvent(string Name, string Data, string? Id, string? Retry, TimeSpan At)
{
    public JsonElement Json => JsonDocument.Parse(Data).RootElement;
}

/// <summary>Reads one event stream to the letter.</summary>
internal sealed class EventStream : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpClient client;
    private readonly HttpResponseMessage answer;
    private readonly StreamReader reader;
    private readonly Stopwatch watch = Stopwatch.StartNew();

    private EventStream(HttpClient client, HttpResponseMessage answer, Stream body)
    {
        this.client = client;
        this.answer = answer;
        reader = new StreamReader(body);
    }

    /// <summary>The head of the answer.</summary>
    public HttpResponseMessage Head => answer;

    /// <summary>Comments that came, with the time of each.</summary>
    public List<TimeSpan> Comments { get; } = [];

    /// <summary>Opens a stream; an answer that is none is an error.</summary>
    public static async Task<EventStream> OpenAsync(
        Uri http, string query, string? lastEventId = null, Version? version = null)
    {
        var client = new HttpClient { Timeout = Patience };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(http, $"v1/events?{query}"))
        {
            Version = version ?? new Version(1, 1),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(answer.IsSuccessStatusCode, await Body(answer));
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        return new EventStream(client, answer, await answer.Content.ReadAsStreamAsync());
    }

    /// <summary>All events up to one that is wanted, with it; null at the end of the stream is an error.</summary>
    public async Task<List<ServerEvent>> UntilAsync(Predicate<ServerEvent> wanted)
    {
        var events = new List<ServerEvent>();
        while (await NextAsync() is { } next)
        {
            events.Add(next);
            if (wanted(next))
            {
                return events;
            }
        }

        Assert.Fail($"the stream ended after {string.Join(' ', events)}");
        return events;
    }

    /// <summary>The next event; null at the end.</summary>
    public async Task<ServerEvent?> NextAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var fields = new Dictionary<string, string>();
        while (await reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith(':'))
            {
                Comments.Add(watch.Elapsed);
            }
            else if (line.Length > 0)
            {
                var colon = line.IndexOf(": ", StringComparison.Ordinal);
                Assert.True(colon > 0 && fields.TryAdd(line[..colon], line[(colon + 2)..]), $"no field: {line}");
            }
            else if (fields.Count > 0)
            {
                return new ServerEvent(
                    fields["event"], fields["data"], fields.GetValueOrDefault("id"), fields.GetValueOrDefault("retry"),
                    watch.Elapsed);
            }
        }

        return null;
    }

    public void Dispose()
    {
        reader.Dispose();
        answer.Dispose();
        client.Dispose();
    }

    private static async Task<string> Body(HttpResponseMessage answer) =>
        answer.IsSuccessStatusCode ? "" : await answer.Content.ReadAsStringAsync();
}
