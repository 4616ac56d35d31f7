using AkkaFeeds.Contracts;
using AkkaFeeds.Freshness;

namespace AkkaFeeds.Nodes;

/// <summary>
/// Makes what a node tells the others of its board, and takes what they tell. Pure but for the clock: instants are
/// carried as ages, so that clocks of nodes that differ by seconds do not make a live partition look silent.
/// </summary>
/// <param name="node">This node, of one incarnation.</param>
/// <param name="board">The board.</param>
/// <param name="feeds">The feeds by name, with their topics.</param>
/// <param name="clock">The clock.</param>
internal sealed class NodeReports(
    string node, FreshnessBoard board, IReadOnlyDictionary<string, IReadOnlyList<string>> feeds, TimeProvider clock)
{
    /// <summary>What this node has to say.</summary>
    /// <param name="topicIdOf">Kafka's id of a topic, or null.</param>
    public NodeReport Make(Func<string, string?> topicIdOf)
    {
        var topics = new List<NodeTopic>();
        var lanes = new List<NodeLane>();
        var slots = new List<NodeSlot>();
        foreach (var feed in feeds.Keys)
        {
            var of = board.Of(feed);
            topics.AddRange(of.Topics().Select(
                topic => new NodeTopic(feed, topic.Topic, topicIdOf(topic.Topic) ?? "", topic.Partitions)));
            lanes.AddRange(of.Own().Select(lane => new NodeLane(feed, lane.Topic, lane.Entry)));
            slots.AddRange(of.Slots.Own().Select(
                slot => new NodeSlot(feed, slot.Index, slot.IsRebuilding, slot.Main)));
        }

        return new NodeReport(node, Now(), topics, lanes, slots);
    }

    /// <summary>
    /// Takes what another node says; what it says of feeds and topics that are not ours is passed over.
    /// </summary>
    public void Take(NodeReport report)
    {
        if (report.Node == node)
        {
            return;
        }

        var ahead = Now() - report.SentAt;
        foreach (var topic in report.Topics.Where(topic => Reads(topic.Feed, topic.Topic)))
        {
            board.Of(topic.Feed).Expect(topic.Topic, topic.Partitions);
        }

        foreach (var lane in report.Lanes.Where(lane => Reads(lane.Feed, lane.Topic)))
        {
            board.Of(lane.Feed).Take(lane.Topic, InOurTime(lane.Entry, ahead) with { Node = report.Node });
        }

        foreach (var slot in report.Slots.Where(slot => feeds.ContainsKey(slot.Feed)))
        {
            board.Of(slot.Feed).Slots.Take(slot.Index, slot.IsRebuilding, report.Node, slot.Main);
        }
    }

    private static LaneEntry InOurTime(LaneEntry entry, long ahead) => entry with
    {
        At = entry.At + ahead,
        Report = entry.Report is not { } report
            ? null
            : report with
            {
                ContactAt = report.ContactAt + ahead,
                HeldSince = report.HeldSince + ahead,
                // At the log's end this is the time of the last contact; else it is Kafka's own.
                ReadAt = report.ReadAt == report.ContactAt ? report.ReadAt + ahead : report.ReadAt,
            },
    };

    private bool Reads(string feed, string topic) => feeds.TryGetValue(feed, out var topics) && topics.Contains(topic);

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
