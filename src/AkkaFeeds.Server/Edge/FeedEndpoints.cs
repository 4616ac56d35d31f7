using System.Globalization;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Server.Edge;

/// <summary>The requests under <c>/v1/feeds</c>.</summary>
internal sealed class FeedEndpoints(
    FeedChecks feeds, Lazy<IFeedReader> reader, EdgeGate gate, LongPolls polls, TimeProvider clock)
{
    /// <summary>How many keys or rows an answer has at the most; also how many keys a request may name.</summary>
    public const int AnswerItemsMax = 1000;

    /// <summary>How many where the request does not say.</summary>
    public const int AnswerItemsStandard = 100;

    /// <summary>How many snapshots one request may name: each may be a view of its feed's whole size.</summary>
    public const int SnapshotsMax = 100;

    /// <summary>How long a long poll waits at the most.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(60);

    public Task ListAsync(HttpContext context, string query)
    {
        QueryParameters.Parse(query, []);
        context.Response.Headers.CacheControl = "no-cache";
        return EdgeAnswer.JsonAsync(
            context, json => EdgeJson.Feeds(json, feeds.All));
    }

    public async Task KeysAsync(HttpContext context, string rawFeed, string query)
    {
        var feed = feeds.FeedInPath(rawFeed);
        var parameters = QueryParameters.Parse(query, ["prefix", "limit", "after"]);
        var limit = parameters.Count("limit", AnswerItemsStandard, AnswerItemsMax);
        var after = parameters.Text("after") is { } text ? EdgeKeys.FromText(text).Key : null;
        var prefix = EdgeKeys.Prefix(parameters.Text("prefix"));
        gate.ThrowIfShut();
        var page = await reader.Value.KeysAsync(feed.Name, "", prefix, after, limit, gate.Until(context))
            .ConfigureAwait(false);
        Stamp(context, feed);
        await EdgeAnswer.JsonAsync(context, json => EdgeJson.Keys(json, page)).ConfigureAwait(false);
    }

    public Task KeyInPathAsync(HttpContext context, string rawFeed, string rawKey, string query)
    {
        var feed = feeds.FeedInPath(rawFeed);
        var key = EdgeKeys.FromSegment(rawKey);
        return KeyAsync(context, feed, key, QueryParameters.Parse(query, ["after", "wait"]));
    }

    public Task KeyInQueryAsync(HttpContext context, string rawFeed, string query)
    {
        var feed = feeds.FeedInPath(rawFeed);
        var parameters = QueryParameters.Parse(query, ["key", "after", "wait"]);
        var key = EdgeKeys.FromText(parameters.Text("key") ?? throw Missing("key"));
        return KeyAsync(context, feed, key, parameters);
    }

    public async Task SnapshotsAsync(HttpContext context, string rawFeed, string query)
    {
        var feed = feeds.FeedInPath(rawFeed);
        var keys = QueryParameters.Parse(query, ["key"], repeated: "key").All("key");
        if (keys.Count is 0 or > SnapshotsMax)
        {
            throw keys.Count == 0
                ? Missing("key")
                : new ProblemException(ProblemCodes.Limit,
                    $"{keys.Count} keys are asked for; at most {SnapshotsMax} at once.");
        }

        var names = keys.Select(EdgeKeys.FromText).ToList();
        gate.ThrowIfShut();
        var until = gate.Until(context);
        var snapshots = await Task.WhenAll(names.Select(key => reader.Value.ReadAsync(feed.Name, key, until)))
            .ConfigureAwait(false);
        Stamp(context, feed, snapshots);
        await EdgeAnswer.JsonAsync(context, json =>
        {
            json.WriteStartArray();
            foreach (var snapshot in snapshots)
            {
                EdgeJson.Snapshot(json, snapshot);
            }

            json.WriteEndArray();
        }).ConfigureAwait(false);
    }

    public async Task RowsAsync(HttpContext context, string rawFeed, string query)
    {
        var feed = feeds.FeedInPath(rawFeed);
        var parameters = QueryParameters.Parse(query, ["prefix", "fields", "sort", "limit"]);
        var rows = SubscriptionText.Rows(feed, parameters);
        gate.ThrowIfShut();
        var page = await reader.Value.RowsAsync(feed.Name, "", rows, gate.Until(context)).ConfigureAwait(false);
        Stamp(context, feed);
        await EdgeAnswer.JsonAsync(context, json => EdgeJson.Rows(json, feed.Name, page)).ConfigureAwait(false);
    }

    private async Task KeyAsync(HttpContext context, FeedCard feed, KeyName key, QueryParameters parameters)
    {
        var after = parameters.Text("after");
        if (after is not null && !EntityTag.IsWellFormed(after))
        {
            throw new ProblemException(
                ProblemCodes.BadFrame,
                $"after is {ShownText.Quote(after)}; give the text between the quotes of an ETag, such as e1.4-17.");
        }

        var wait = parameters.Duration("wait", WaitMax) ?? TimeSpan.Zero;
        gate.ThrowIfShut();
        using var place = after is not null && wait > TimeSpan.Zero ? polls.Enter() : null;
        var until = gate.Until(context);
        var snapshot = after is null
            ? await reader.Value.ReadAsync(feed.Name, key, until).ConfigureAwait(false)
            : await reader.Value.WaitAsync(feed.Name, key, after, wait, until).ConfigureAwait(false);
        var tag = snapshot?.Tag ?? after!;
        Stamp(context, feed, after is null ? [snapshot!] : []);
        context.Response.Headers.ETag = $"\"{tag}\"";
        if (snapshot is null || EntityTag.Matches(context.Request.Headers.IfNoneMatch, tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await EdgeAnswer.JsonAsync(context, json => EdgeJson.Snapshot(json, snapshot)).ConfigureAwait(false);
    }

    private static ProblemException Missing(string parameter) =>
        new(ProblemCodes.BadFrame, $"The query parameter {parameter} is missing; give ?{parameter}=.");

    /// <summary>Both instants on one answer let a client tell the age of what it holds without trusting its own
    /// clock.</summary>
    /// <param name="context">The request.</param>
    /// <param name="feed">The feed.</param>
    /// <param name="shown">The keys that the answer shows, where caches may keep it.</param>
    private void Stamp(HttpContext context, FeedCard feed, params IReadOnlyList<KeySnapshot> shown)
    {
        var headers = context.Response.Headers;
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var read = reader.Value.ReadUntil(feed.Name);
        headers.CacheControl = CachePolicy.Of(feed.SloMilliseconds, shown, now, read);
        headers["AkkaFeeds-Now"] = now.ToString(CultureInfo.InvariantCulture);
        headers["AkkaFeeds-Read"] = read.ToString(CultureInfo.InvariantCulture);
    }
}
