using System.Text.Encodings.Web;
using System.Text.Json;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Server.Edge;

/// <summary>The JSON bodies of the edge (product.md, section 7).</summary>
internal static class EdgeJson
{
    /// <summary>
    /// JSON as itself: text is escaped no further than JSON demands, because it is served as JSON with nosniff, never
    /// inside HTML, and a view's own bytes are already so.
    /// </summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Feeds(Utf8JsonWriter json, IEnumerable<FeedCard> feeds)
    {
        json.WriteStartObject();
        json.WriteStartArray("feeds");
        foreach (var feed in feeds)
        {
            json.WriteStartObject();
            json.WriteString("name", feed.Name);
            json.WriteString("key", feed.Key ?? "$key");
            json.WriteStartArray("fields");
            foreach (var field in feed.Fields)
            {
                json.WriteStartObject();
                json.WriteString("name", field.Name);
                json.WriteString("type", field.Type);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            Strings(json, "topics", feed.Topics);
            json.WriteString("phase", feed.Phase);
            Optional(json, "slo", feed.SloMilliseconds is { } slo ? DurationText.Write(slo) : null);
            Optional(json, "owner", feed.Owner);
            Optional(json, "contact", feed.Contact);
            Optional(json, "runbook", feed.Runbook);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void Keys(Utf8JsonWriter json, KeysPage page)
    {
        json.WriteStartObject();
        Strings(json, "keys", page.Keys);
        if (page.More && page.Keys.Count > 0)
        {
            json.WriteString("next", page.Keys[^1]);
        }

        json.WriteEndObject();
    }

    public static void Snapshot(Utf8JsonWriter json, KeySnapshot snapshot)
    {
        json.WriteStartObject();
        json.WriteString("feed", snapshot.Feed);
        json.WriteString("key", snapshot.Key.Key);
        json.WriteString("epoch", snapshot.Epoch);
        json.WriteNumber("version", snapshot.Version);
        json.WritePropertyName("data");
        Data(json, snapshot.Data);
        State(json, snapshot.Freshness);
        json.WriteNumber("at", snapshot.At);
        json.WriteStartObject("pos");
        foreach (var (partition, offset) in snapshot.Positions)
        {
            json.WriteNumber(partition, offset);
        }

        json.WriteEndObject();
        json.WriteString("cause", "subscribe");
        json.WriteEndObject();
    }

    public static void Rows(Utf8JsonWriter json, string feed, RowsPage page)
    {
        json.WriteStartObject();
        json.WriteString("feed", feed);
        json.WriteString("epoch", page.Epoch);
        json.WriteNumber("version", page.Version);
        Strings(json, "order", page.Rows.Select(row => row.Key));
        json.WriteStartObject("rows");
        foreach (var row in page.Rows)
        {
            json.WritePropertyName(row.Key);
            Data(json, row.Data);
        }

        json.WriteEndObject();
        json.WriteStartObject("states");
        foreach (var row in page.Rows.Where(row => row.Freshness.State != FreshnessState.Live))
        {
            json.WriteString(row.Key, FrameText.WordOf(row.Freshness.State));
        }

        json.WriteEndObject();
        json.WriteNumber("total", page.Total);
        json.WriteNumber("at", page.At);
        json.WriteEndObject();
    }

    public static void Problem(Utf8JsonWriter json, string code, int status, string detail)
    {
        json.WriteStartObject();
        json.WriteString("type", "/problems/" + code);
        json.WriteString("title", ProblemCodes.TitleOf(code));
        json.WriteNumber("status", status);
        json.WriteString("detail", detail);
        json.WriteEndObject();
    }

    private static void State(Utf8JsonWriter json, FreshnessStatus freshness)
    {
        json.WriteString("state", FrameText.WordOf(freshness.State));
        Optional(json, "reason", freshness.Reason);
        if (freshness.Since is { } since)
        {
            json.WriteNumber("since", since);
        }

        if (freshness.Progress is { } progress)
        {
            json.WriteNumber("progress", progress);
        }

        if (freshness.Missing is { Count: > 0 } missing)
        {
            Strings(json, "missing", missing);
        }
    }

    /// <summary>The view's bytes as they are: the engine wrote them, and checking them again would cost more than the
    /// rest.</summary>
    private static void Data(Utf8JsonWriter json, ReadOnlyMemory<byte> data)
    {
        if (data.IsEmpty)
        {
            json.WriteNullValue();
        }
        else
        {
            json.WriteRawValue(data.Span, skipInputValidation: true);
        }
    }

    private static void Optional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    public static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
