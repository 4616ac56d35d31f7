using System.Net;
using System.Text.Json;
using AkkaFeeds.Server.Edge;

namespace AkkaFeeds.Server.Cli;

/// <summary>Asks a node's admin port; what goes wrong becomes one line and the exit code that fits it.</summary>
internal sealed class AdminClient : IDisposable
{
    private const string Standard = "http://127.0.0.1:9120";
    private const string Variable = "AKKAFEEDS_ADMIN";
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(10);

    private readonly HttpClient http = new() { Timeout = AnswersWithin };
    private readonly Uri node;

    /// <param name="address">What <c>--admin</c> says; null for AKKAFEEDS_ADMIN, else the port of the design.</param>
    public AdminClient(string? address)
    {
        var source = address is null ? Variable : "--admin";
        var text = address ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set ? set : Standard);
        node = Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}",
                UriKind.Absolute, out var found)
            && found.Scheme is "http" or "https" && found is { PathAndQuery: "/", Host.Length: > 0 }
            ? found
            : throw UsageError.Of(source, $"{ShownText.Quote(text)} is no address of a node", $"write {Standard}");
    }

    /// <summary>Posts to a path below <c>/admin/v1/</c> and returns the answer's document.</summary>
    /// <param name="path">The path.</param>
    /// <param name="member">The list that the document has.</param>
    public async Task<JsonDocument> PostAsync(string path, string member)
    {
        try
        {
            using var answer = await http.PostAsync(new Uri(node, $"/admin/v1/{path}"), null).ConfigureAwait(false);
            var text = await answer.Content.ReadAsStringAsync().ConfigureAwait(false);
            return answer.IsSuccessStatusCode ? Parse(text, member) : throw Refusal(answer.StatusCode, text);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            var why = exception is TaskCanceledException
                ? $"it does not answer within {AnswersWithin.TotalSeconds:F0} s"
                : $"it cannot be reached ({(exception.InnerException ?? exception).Message})";
            throw new StartupException(
                $"node {node.Authority}", why, $"start it, or give another with --admin or {Variable}",
                StartupException.Unreachable, exception);
        }
    }

    public void Dispose() => http.Dispose();

    private JsonDocument Parse(string text, string member)
    {
        try
        {
            var document = JsonDocument.Parse(text);
            if (document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty(member, out var list) && list.ValueKind == JsonValueKind.Array)
            {
                return document;
            }
        }
        catch (JsonException)
        {
            // Something else answers there.
        }

        throw NoAdminPort();
    }

    private StartupException Refusal(HttpStatusCode status, string text)
    {
        Problem problem;
        try
        {
            problem = JsonSerializer.Deserialize<Problem>(text, JsonSerializerOptions.Web) ?? throw NoAdminPort();
        }
        catch (JsonException)
        {
            return NoAdminPort();
        }

        var way = problem.Type == "/problems/unknown-op"
            ? $"give the admin port with --admin or {Variable}" : "see docs/stores.md";
        return new StartupException(
            $"node {node.Authority}", problem.Detail?.TrimEnd('.') ?? $"it answers {(int)status}", way, status switch
            {
                HttpStatusCode.BadRequest or HttpStatusCode.NotFound => StartupException.BadInput,
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => StartupException.Refused,
                _ => StartupException.Failed,
            });
    }

    private StartupException NoAdminPort() => new(
        $"node {node.Authority}", "what answers there is no admin port of akkafeeds",
        $"give the admin port with --admin or {Variable}", StartupException.Unreachable);

    private sealed record Problem(string? Type, string? Detail);
}
