using AkkaFeeds.Chaos.Traffic;
using Confluent.Kafka;

namespace AkkaFeeds.Chaos.World;

/// <summary>What Kafka has as the commits of groups, asked without being a member of any.</summary>
internal sealed class GroupCommits : IDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, IConsumer<Ignore, Ignore>> askers;
    private readonly TopicPartition[] partitions;

    public GroupCommits(string brokers, string topic, IEnumerable<string> groups)
    {
        partitions = [.. Enumerable.Range(0, ChaosFeed.Partitions).Select(index => new TopicPartition(topic, index))];
        askers = groups.ToDictionary(group => group, group => new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig
        {
            BootstrapServers = brokers, GroupId = group, EnableAutoCommit = false, ReconnectBackoffMaxMs = 500,
        }).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build());
    }

    /// <summary>The groups.</summary>
    public IEnumerable<string> Groups => askers.Keys;

    /// <summary>Partition and offset of each commit; null where the broker does not answer.</summary>
    public IReadOnlyList<(int Partition, long Offset)>? Of(string group)
    {
        try
        {
            return [.. askers[group].Committed(partitions, Within).Where(each => each.Offset.Value >= 0)
                .Select(each => (each.Partition.Value, each.Offset.Value))];
        }
        catch (KafkaException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        foreach (var asker in askers.Values)
        {
            asker.Dispose();
        }
    }
}
