using System.Text.Json;
using AkkaFeeds.Definitions.Files;

namespace AkkaFeeds.Definitions.Vectors;

/// <summary>
/// Reads the <c>feed</c> of a vector: what stands under a feed's name in a file, written as JSON. The file's own
/// tables read it, so a vector takes what a file takes, and refuses what a file refuses.
/// </summary>
internal static class VectorFeed
{
    private const string File = "feed";
    private const string From = "from";
    private const string Topic = "topic";

    // A column is that of the expression: whoever reads of it sees the expression, and not the document around it.
    private static readonly Place Start = new(File, 1, 1);

    /// <summary>The definition; null, and errors, where it is none.</summary>
    /// <exception cref="FormatException">The feed is no object.</exception>
    public static FeedDefinition? Read(JsonElement feed, List<DefinitionError> errors)
    {
        if (feed.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("feed: an object is wanted");
        }

        var map = (MapNode)Node(feed);
        AddTopic(map);
        var (definition, found) = FeedsFile.ReadFeed("vector", map, "feed", File);
        errors.AddRange(found);
        return definition;
    }

    /// <summary>A vector's records stand in a topic, whether it names one or not.</summary>
    private static void AddTopic(MapNode feed)
    {
        if (feed.Find(From) is null)
        {
            feed.Put(Word(From), new MapNode(Start, []) { Raw = "" });
        }

        if (feed.Find(From) is MapNode from && from.Find(Topic) is null && from.Find("topics") is null)
        {
            from.Put(Word(Topic), Word("records"));
        }
    }

    private static YamlNode Node(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => new MapNode(Start, [.. value.EnumerateObject().Where(IsGiven).Select(Entry)])
        {
            Raw = value.GetRawText(),
        },
        JsonValueKind.Array => new ListNode(Start, [.. value.EnumerateArray().Select(Node)])
        {
            Raw = value.GetRawText(),
        },
        JsonValueKind.String => Word(value.GetString()!),
        _ => new ScalarNode(Start, value.GetRawText(), isPlain: true) { Raw = value.GetRawText() },
    };

    // A program that writes vectors may write null for what it leaves out.
    private static bool IsGiven(JsonProperty member) => member.Value.ValueKind != JsonValueKind.Null;

    private static MapEntry Entry(JsonProperty member) => new(Word(member.Name), Node(member.Value));

    private static ScalarNode Word(string text) => new(Start, text, isPlain: false) { Raw = text };
}
