using System.Text.Json;

namespace AkkaFeeds.IntegrationTests.Conformance;

/// <summary>Server-sent events, read as the specification has it; resumes with <c>Last-Event-ID</c> alone.</summary>
internal sealed class EventsViewer(Uri http, Watched watched, Version? version = null) : Viewer(http, watched)
{
    private readonly HttpClient client = new(SmallBuffers.Handler());
    private readonly FrameFold fold = new();
    private string lastEventId = "";

    public override bool Resumes => true;

    protected override async Task ReadAsync(CancellationToken cancellation)
    {
        var query = string.Join('&', Watched.Keys.Select(key =>
            $"sub={Uri.EscapeDataString($"{Watched.Feed}:{key}")}"));
        query += Watched.Rows is null ? "" : $"{(query.Length > 0 ? "&" : "")}rows={Watched.Feed}&{Watched.RowsQuery}";
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Http, $"v1/events?{query}"))
        {
            Version = version ?? new Version(1, 1),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (lastEventId.Length > 0)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        answer.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellation));
        var (name, data) = ("", "");
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            await MayReadAsync();
            if (line.Length == 0 && data.Length > 0)
            {
                Took(name, data);
                (name, data) = ("", "");
            }
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line[7..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                data = line[6..];
            }
            else if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                Assert.Equal("progress", name);
                lastEventId = line[4..];
            }
        }
    }

    protected override ValueTask EndAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Took(string name, string data)
    {
        using var frame = JsonDocument.Parse(data);
        Assert.Equal(name, frame.RootElement.GetProperty("op").GetString());
        if (name == "rows")
        {
            Show(fold.TakeRows(frame.RootElement));
        }
        else if (fold.Take(frame.RootElement) is { } change)
        {
            Show(change.Key, change.Shown);
        }

        (Resumed, Progresses) = (fold.Resumed, fold.Progresses);
    }
}
