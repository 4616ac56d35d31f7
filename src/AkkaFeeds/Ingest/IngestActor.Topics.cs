using Akka.Actor;
using Akka.Event;
using AkkaFeeds.Freshness;
using AkkaFeeds.Kafka;
using Confluent.Kafka;

namespace AkkaFeeds.Ingest;

/// <summary>What Kafka says of the topics: at the start, and twice a second.</summary>
internal sealed partial class IngestActor
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private void Describe()
    {
        var names = dependencies.Feeds.Values.SelectMany(feed => feed.Compiled.Definition.Topics).Distinct().ToList();
        admin.DescribeTopics(names, DescribeWithin).PipeTo(
            Self, Self, found => new Described([.. names.Zip(found)]), cause => new DescribeFailed(cause));
    }

    private void AskWhetherCompacted(IReadOnlyList<string> names) =>
        Task.WhenAll(names.Select(async name =>
        {
            try
            {
                return await admin.IsCompacted(name, DescribeWithin).ConfigureAwait(false) ? name : null;
            }
            catch (KafkaException cause) when (cause.Error.Code == ErrorCode.Local_UnsupportedFeature)
            {
                // The embedded Kafka has no such request, and compacts nothing.
                return null;
            }
            catch (KafkaException cause)
            {
                // A broker that does not tell its settings to this user cannot be held to them.
                logger.Info("Whether topic {Topic} is compacted is not known: {Cause}", name, cause.Error.Reason);
                return null;
            }
        })).PipeTo(Self, Self, found => new Compacted([.. found.OfType<string>()]));

    // Kafka keeps of a compacted topic the newest record of each key: a count over what was read once and cannot be
    // read again would be another one after a replay.
    private void OnCompacted(IReadOnlyList<string> compacted)
    {
        foreach (var feed in dependencies.Feeds.Values)
        {
            if (feed.Compiled.Definition.Topics.FirstOrDefault(compacted.Contains) is { } topic
                && feed.Compiled.View.NeedsEveryRecord is { } field)
            {
                settings.Failure.Fail(new StartupException(
                    $"feeds.{feed.Name}.view.{field}",
                    $"it needs every record, and topic {topic} is compacted: Kafka keeps the newest of each key only",
                    "read a topic with cleanup.policy=delete, or show last(...) alone", StartupException.BadInput));
                return;
            }
        }
    }

    private void OnUnreachable(Exception cause)
    {
        if (!isUnreachableLogged)
        {
            isUnreachableLogged = true;
            logger.Error(
                "Kafka at {Brokers} cannot be reached ({Cause}); feeds show what the store holds, and the node tries again",
                settings.Brokers, cause.Message);
        }

        if (++failedConnects >= ConnectsOfANewStore && !dependencies.Registry.KnowsTopics)
        {
            // A store that has met its topics has something to show while Kafka is away. A new one has nothing:
            // whoever starts it waits for records, and a wrong address would keep him waiting.
            settings.Failure.Fail(new StartupException(
                $"Kafka at {settings.Brokers}", $"it cannot be reached ({cause.Message}), and the store is new",
                "correct `kafka.brokers`, or start the broker", StartupException.Unreachable));
            return;
        }

        Timers.StartSingleTimer(nameof(Connect), Connect.Instance, ConnectAgainAfter);
    }

    private void OnDescribed(IReadOnlyList<(string Name, TopicFacts? Facts)> found)
    {
        if (found.FirstOrDefault(topic => topic.Facts is null).Name is { } missing)
        {
            settings.Failure.Fail(new StartupException(
                $"topic {missing}", $"Kafka at {settings.Brokers} has no such topic",
                "create it, or correct `from` in the file", StartupException.Failed));
            return;
        }

        foreach (var (name, facts) in found)
        {
            Enter(name, facts!);
        }

        AskWhetherCompacted([.. topics.Keys]);
        Become(Consuming);
        Timers.StartPeriodicTimer(nameof(Probe), Probe.Instance, ProbeEvery);
        Timers.StartPeriodicTimer(nameof(Look), Look.Instance, LookEvery);
        Consume();
    }

    // A topic may be deleted and made again, or get more partitions, while it is read: the consumer is told neither. A
    // new log that outgrows what was read of the old one between two looks is counted on top of it until the second:
    // no offset and no leader epoch tells. From then on its feeds are stale, and a new store is right.
    // A topic that is not there is not judged: a broker that begins knows its topics only after a while.
    private void OnLooked(IReadOnlyList<(string Name, TopicFacts? Facts)> found)
    {
        foreach (var (name, facts) in found)
        {
            if (facts is null || !topics.TryGetValue(name, out var known))
            {
                continue;
            }

            if (facts.Id == known.TopicId)
            {
                Expect(name, facts);
                continue;
            }

            topics.Remove(name);
            Withhold(name, known.TopicId, facts.Id);
            foreach (var (_, actor) in partitions.Where(each => each.Key.Topic == name))
            {
                actor.Tell(IngestMessages.SourceChanged.Instance);
            }
        }
    }

    private void Enter(string name, TopicFacts facts)
    {
        Expect(name, facts);
        if (dependencies.Registry.TopicIdOf(name) is { } known && known != facts.Id)
        {
            Withhold(name, known, facts.Id);
            return;
        }

        dependencies.Registry.SetTopicId(name, facts.Id);
        topics[name] = new TopicFeeds(name, facts.Id, dependencies.Feeds.Values);
    }

    private void Expect(string name, TopicFacts facts)
    {
        foreach (var board in BoardsOf(name))
        {
            board.Expect(name, facts.Partitions);
        }
    }

    private IEnumerable<FeedBoard> BoardsOf(string topic) =>
        dependencies.Feeds.Values.Where(feed => feed.Compiled.Definition.Topics.Contains(topic))
            .Select(feed => dependencies.Board.Of(feed.Name));

    private void Withhold(string name, string known, string found)
    {
        logger.Error(
            "Topic {Topic}: source-changed: it was made again (id {Known} is now {Found}); its feeds stay as "
            + "they are, because the new records would be counted on top of the old ones: name a new store",
            name, known, found);
        foreach (var board in BoardsOf(name))
        {
            board.Withhold(name, "source-changed");
        }
    }
}
