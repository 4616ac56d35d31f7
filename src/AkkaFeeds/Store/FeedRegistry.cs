using System.Globalization;
using AkkaFeeds.Definitions;

namespace AkkaFeeds.Store;

/// <summary>
/// What the store remembers of the feeds it was built for: per feed its generation, definition hash and slots, and
/// per topic
/// the id that Kafka gave it. A store of another definition is refused before anything is folded into it.
/// </summary>
internal sealed class FeedRegistry
{
    private readonly StoreDatabase database;
    private readonly Lock gate = new();
    private readonly Dictionary<string, string> entries;

    private FeedRegistry(StoreDatabase database, IReadOnlyDictionary<string, string> entries)
    {
        this.database = database;
        this.entries = new Dictionary<string, string>(entries, StringComparer.Ordinal);
    }

    /// <summary>Reads the registry and enters the feeds that are new to it.</summary>
    /// <exception cref="StartupException">The store was built by another definition, or for other feeds.</exception>
    public static FeedRegistry Open(StoreDatabase database, IReadOnlyList<FeedIdentity> feeds)
    {
        var registry = new FeedRegistry(database, database.ReadRegistry());
        var stored = registry.entries.Keys.Where(name => name.StartsWith("feed/", StringComparison.Ordinal))
            .Select(name => name["feed/".Length..]).Order(StringComparer.Ordinal).ToList();
        if (stored.Count > 0 && !feeds.Any(feed => stored.Contains(feed.Name)))
        {
            throw new StartupException(
                $"store {database.DisplayName}",
                $"it holds the feeds {string.Join(", ", stored)}, and none of them is in the file",
                "name the store that belongs to this file, or a new one",
                exitCode: 2);
        }

        foreach (var feed in feeds)
        {
            registry.Enter(feed);
        }

        return registry;
    }

    /// <summary>The generation that is served; 1 until a replay makes another.</summary>
    public int GenerationOf(string feed)
    {
        lock (gate)
        {
            return int.Parse(entries[$"feed/{feed}"].Split(' ')[0], CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Whether a topic has been read into this store, ever.</summary>
    public bool KnowsTopics
    {
        get
        {
            lock (gate)
            {
                return entries.Keys.Any(name => name.StartsWith("topic/", StringComparison.Ordinal));
            }
        }
    }

    /// <summary>The id under which a topic was last read, or null.</summary>
    public string? TopicIdOf(string topic)
    {
        lock (gate)
        {
            return entries.GetValueOrDefault($"topic/{topic}");
        }
    }

    /// <summary>Remembers the id of a topic.</summary>
    public void SetTopicId(string topic, string topicId)
    {
        lock (gate)
        {
            if (entries.GetValueOrDefault($"topic/{topic}") == topicId)
            {
                return;
            }

            database.WriteRegistry($"topic/{topic}", topicId);
            entries[$"topic/{topic}"] = topicId;
        }
    }

    /// <summary>A name for the topic ids that a feed reads: the part of an epoch before its first dot.</summary>
    public string TopicsTagOf(ServedFeed feed)
    {
        var ids = string.Join(' ', feed.Compiled.Definition.Topics.Select(topic => TopicIdOf(topic) ?? "none"));
        return Contracts.Murmur2.Positive(System.Text.Encoding.UTF8.GetBytes(ids))
            .ToString("x8", CultureInfo.InvariantCulture);
    }

    private void Enter(FeedIdentity feed)
    {
        var name = $"feed/{feed.Name}";
        if (!entries.TryGetValue(name, out var stored))
        {
            var value = string.Create(CultureInfo.InvariantCulture, $"1 {feed.Hash} {feed.Slots}");
            database.WriteRegistry(name, value);
            entries[name] = value;
            return;
        }

        var parts = stored.Split(' ');
        if (parts[1] != feed.Hash)
        {
            throw new StartupException(
                $"store {database.DisplayName}",
                $"feed {feed.Name} was built by another definition ({parts[1]}; the file's is {feed.Hash})",
                "put the old definition back, or name a new store, which is rebuilt from the log",
                exitCode: 2);
        }
    }
}

/// <summary>What makes a feed's folded state what it is.</summary>
/// <param name="Name">The feed.</param>
/// <param name="Hash">The hash of its definition.</param>
/// <param name="Slots">How many slots.</param>
internal sealed record FeedIdentity(string Name, string Hash, int Slots);
