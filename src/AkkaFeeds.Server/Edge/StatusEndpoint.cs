using System.Text.Json;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Server.Edge;

/// <summary><c>GET /v1/feeds/{feed}/status</c>: how a feed is and has been, for the board.</summary>
internal sealed class StatusEndpoint(FeedChecks feeds, Lazy<IFeedsStatus> status, EdgeGate gate, TimeProvider clock)
{
    public Task HandleAsync(HttpContext context, string rawFeed, string query)
    {
        QueryParameters.Parse(query, []);
        var feed = feeds.FeedInPath(rawFeed);
        gate.ThrowIfShut();
        context.Response.Headers.CacheControl = "no-store";
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return EdgeAnswer.JsonAsync(context, json => Write(json, feed, status.Value.Of(feed.Name), now));
    }

    private static void Write(Utf8JsonWriter json, FeedCard feed, FeedStatus now, long at)
    {
        json.WriteStartObject();
        json.WriteString("feed", feed.Name);
        json.WriteString("state", FrameText.WordOf(now.State.State));
        if (now.State.Reason is { } reason)
        {
            json.WriteString("reason", reason);
            if (SinceOf(now) is { } since)
            {
                json.WriteNumber("since", since);
            }
        }

        if (feed.SloMilliseconds is { } slo)
        {
            json.WriteNumber("slo", slo);
        }

        json.WriteString("node", now.Node);
        json.WriteNumber("now", at);
        WriteStages(json, now.Stages);
        WriteHistory(json, now.History);
        WriteLanes(json, now.Lanes);
        json.WriteStartObject("quarantined");
        foreach (var (why, count) in now.Quarantined)
        {
            json.WriteNumber(why, count);
        }

        json.WriteEndObject();
        json.WriteStartObject("clients");
        json.WriteNumber("connections", now.Connections);
        json.WriteNumber("subscriptions", now.Subscriptions);
        json.WriteNumber("slow", now.Slow);
        WriteSlowest(json, now.Slowest);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // Since when the cause is; where none is known but this node's own recovery, since when it has been seen. Records
    // that are missing may have been so before anybody looked: then nothing is said.
    private static long? SinceOf(FeedStatus now) =>
        now.State.Since ?? (now.State.State == FreshnessState.Partial ? null : now.History[^1].From);

    private static void WriteSlowest(Utf8JsonWriter json, IReadOnlyList<SlowClient> clients)
    {
        json.WriteStartArray("slowest");
        foreach (var client in clients)
        {
            json.WriteStartObject();
            json.WriteString("id", client.Id);
            json.WriteString("path", client.Path);
            json.WriteNumber("waited", client.WaitedMilliseconds);
            EdgeJson.Strings(json, "feeds", client.Feeds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteStages(Utf8JsonWriter json, IReadOnlyList<StageFreshness> stages)
    {
        json.WriteStartObject("freshness");
        json.WriteNumber("windowSeconds", 60);
        json.WriteStartArray("stages");
        foreach (var stage in stages)
        {
            json.WriteStartObject();
            json.WriteString("stage", stage.Stage);
            json.WriteNumber("count", stage.Count);
            json.WriteNumber("p50", Math.Round(stage.P50, 1));
            json.WriteNumber("p90", Math.Round(stage.P90, 1));
            json.WriteNumber("p99", Math.Round(stage.P99, 1));
            WriteBuckets(json, stage.Buckets);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteBuckets(Utf8JsonWriter json, IReadOnlyList<AgeBucket> buckets)
    {
        json.WriteStartArray("buckets");
        foreach (var bucket in buckets)
        {
            json.WriteStartObject();
            json.WriteNumber("from", bucket.From);
            if (bucket.To is { } to)
            {
                json.WriteNumber("to", to);
            }

            json.WriteNumber("count", bucket.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteHistory(Utf8JsonWriter json, IReadOnlyList<FeedStateSpan> history)
    {
        json.WriteStartArray("history");
        foreach (var span in history)
        {
            json.WriteStartObject();
            json.WriteString("state", FrameText.WordOf(span.State));
            if (span.Reason is { } reason)
            {
                json.WriteString("reason", reason);
            }

            json.WriteNumber("from", span.From);
            json.WriteNumber("to", span.To);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLanes(Utf8JsonWriter json, IReadOnlyList<LaneStatus> lanes)
    {
        json.WriteStartArray("lanes");
        foreach (var lane in lanes)
        {
            json.WriteStartObject();
            json.WriteString("topic", lane.Topic);
            json.WriteNumber("partition", lane.Partition);
            if (lane.Node is { } node)
            {
                json.WriteString("node", node);
                json.WriteNumber("position", lane.Position);
                json.WriteNumber("end", lane.End);
                json.WriteNumber("lag", Math.Max(0, lane.End - lane.Position));
                json.WriteNumber("readAt", lane.ReadAt);
            }

            if (lane.Condition is { } condition)
            {
                json.WriteString("condition", condition);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
