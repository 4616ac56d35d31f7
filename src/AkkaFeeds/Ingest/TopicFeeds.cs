using AkkaFeeds.Definitions.Decoding;

namespace AkkaFeeds.Ingest;

/// <summary>
/// The feeds that read one topic, in groups that share a decoding: each group decodes a record once, whatever the
/// number of its
/// feeds.
/// </summary>
internal sealed class TopicFeeds
{
    /// <summary>Groups the feeds of a topic.</summary>
    public TopicFeeds(string topic, string topicId, IEnumerable<ServedFeed> feeds)
    {
        Topic = topic;
        TopicId = topicId;
        var groups = new List<List<ServedFeed>>();
        foreach (var feed in feeds.Where(feed => feed.Compiled.Definition.Topics.Contains(topic)))
        {
            var group = groups.Find(
                each => TopicDecoder.CanShare(each[0].Compiled.Definition, feed.Compiled.Definition));
            if (group is null)
            {
                groups.Add([feed]);
            }
            else
            {
                group.Add(feed);
            }
        }

        Groups = groups;
    }

    /// <summary>The topic.</summary>
    public string Topic { get; }

    /// <summary>Its id.</summary>
    public string TopicId { get; }

    /// <summary>The feeds by decoding.</summary>
    public IReadOnlyList<IReadOnlyList<ServedFeed>> Groups { get; }
}
