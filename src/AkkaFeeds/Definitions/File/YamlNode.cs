namespace AkkaFeeds.Definitions.Files;

/// <summary>What YAML took a value for, where that is something that this file does not use.</summary>
internal enum Misread
{
    None,
    Tag,
    Anchor,
    Alias,
    Comment,
    Comma,
    Syntax,
}

/// <summary>One value of the file with its place.</summary>
internal abstract class YamlNode(Place place)
{
    /// <summary>Where the value starts.</summary>
    public Place Place { get; } = place;

    /// <summary>What YAML made of the value if it is not what was meant.</summary>
    public Misread Misread { get; init; }

    /// <summary>The value as it stands in the file: the rest of its first line.</summary>
    public required string Raw { get; init; }

    /// <summary>What a message calls this kind of value.</summary>
    public abstract string Noun { get; }
}

/// <summary>A single value.</summary>
internal sealed class ScalarNode(Place place, string text, bool isPlain) : YamlNode(place)
{
    /// <summary>The text as YAML gives it.</summary>
    public string Text { get; } = text;

    /// <summary>Where the text itself starts: behind a quote, or under a block's indicator.</summary>
    public Place TextPlace { get; init; } = place;

    /// <summary>Whether nothing stands there: an empty plain value, <c>~</c> or <c>null</c>.</summary>
    public bool IsNull { get; } = isPlain && text is ("" or "~" or "null" or "Null" or "NULL");

    /// <inheritdoc/>
    public override string Noun => IsNull ? "nothing" : "a value";
}

/// <summary>A list.</summary>
internal sealed class ListNode(Place place, IReadOnlyList<YamlNode> items) : YamlNode(place)
{
    /// <summary>The items in order.</summary>
    public IReadOnlyList<YamlNode> Items { get; } = items;

    /// <inheritdoc/>
    public override string Noun => "a list";
}

/// <summary>A mapping. Overrides are written into it, so it is the one node that changes.</summary>
internal sealed class MapNode(Place place, List<MapEntry> entries) : YamlNode(place)
{
    /// <summary>The entries in the order of the file.</summary>
    public List<MapEntry> Entries { get; } = entries;

    /// <inheritdoc/>
    public override string Noun => "a mapping";

    /// <summary>The value of a key; null where the key is not there.</summary>
    public YamlNode? Find(string key) => Entries.Find(entry => entry.Key.Text == key)?.Value;

    /// <summary>Replaces the value of a key, or adds the key.</summary>
    public void Put(ScalarNode key, YamlNode value)
    {
        var entry = new MapEntry(key, value);
        var index = Entries.FindIndex(old => old.Key.Text == key.Text);
        if (index < 0)
        {
            Entries.Add(entry);
        }
        else
        {
            Entries[index] = entry;
        }
    }
}

/// <summary>One key and its value.</summary>
internal sealed record MapEntry(ScalarNode Key, YamlNode Value);
