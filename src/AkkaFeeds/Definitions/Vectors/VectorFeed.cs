using System.Globalization;
using System.Text.Json;
using AkkaFeeds.Definitions.Expressions;

namespace AkkaFeeds.Definitions.Vectors;

/// <summary>Reads the <c>feed</c> of a vector: section 4's feed written as JSON.</summary>
internal static class VectorFeed
{
    private static readonly string[] Known =
    [
        "from", "key", "tenant", "time", "where", "id", "late", "ahead", "windows", "slots", "view", "show",
        "freshness", "notify",
    ];

    /// <summary>The definition.</summary>
    /// <exception cref="FormatException">A setting is unknown or impossible; the message names it.</exception>
    public static FeedDefinition Read(JsonElement feed)
    {
        if (feed.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("feed: an object is wanted");
        }

        foreach (var member in feed.EnumerateObject())
        {
            if (!Known.Contains(member.Name))
            {
                throw new FormatException(
                    $"feed.{member.Name}: there is no such setting; {Suggest.From(member.Name, Known)}");
            }
        }

        var from = feed.TryGetProperty("from", out var given) ? given : default;
        var view = Member(feed, "view") ?? throw new FormatException("feed.view: a view is wanted");
        return new FeedDefinition
        {
            Name = "vector",
            Topics = Topics(from),
            Format = Format(from),
            Columns = Member(from, "columns")?.EnumerateArray().Select(column => column.GetString()!).ToList(),
            Key = Expression(feed, "key"),
            Tenant = Expression(feed, "tenant"),
            Time = Expression(feed, "time"),
            Where = Expression(feed, "where"),
            Id = Expression(feed, "id"),
            Late = Duration(feed, "late"),
            Ahead = Duration(feed, "ahead"),
            WallWindows = Member(feed, "windows")?.GetString() == "wall",
            Slots = Member(feed, "slots")?.GetInt32() ?? 16,
            View = [.. view.EnumerateObject().Select(field =>
                new KeyValuePair<string, SourceText>(field.Name, TextOf(field.Value, $"feed.view.{field.Name}")))],
            Show = Member(feed, "show")?.EnumerateArray().Select(show => show.GetString()!).ToList() ?? [],
        };
    }

    private static List<string> Topics(JsonElement from)
    {
        if (Member(from, "topics") is { } topics)
        {
            return [.. topics.EnumerateArray().Select(topic => topic.GetString()!)];
        }

        return [Member(from, "topic")?.GetString() ?? "records"];
    }

    private static string Format(JsonElement from)
    {
        var format = Member(from, "format")?.GetString() ?? "json";
        return format is "json" or "csv" or "text"
            ? format
            : throw new FormatException(
                $"feed.from.format: {format} is not available in this release; json, csv or text");
    }

    private static SourceText? Expression(JsonElement feed, string name) =>
        Member(feed, name) is { } value ? TextOf(value, $"feed.{name}") : null;

    // YAML reads 5 and true without quotes as what they are; as expressions they are their text.
    private static SourceText TextOf(JsonElement value, string field) => value.ValueKind switch
    {
        JsonValueKind.String => new SourceText(value.GetString()!, field, 1, 1),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False =>
            new SourceText(value.GetRawText(), field, 1, 1),
        _ => throw new FormatException($"{field}: an expression is wanted"),
    };

    private static TimeSpan? Duration(JsonElement feed, string name)
    {
        if (Member(feed, name) is not { } value)
        {
            return null;
        }

        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return Times.TryParseDuration(text, out var milliseconds) && milliseconds >= 0
            ? TimeSpan.FromMilliseconds(milliseconds)
            : throw new FormatException(
                string.Create(CultureInfo.InvariantCulture, $"feed.{name}: {text} is not a duration; such as 10m"));
    }

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            && value.ValueKind != JsonValueKind.Null
            ? value
            : null;
}
