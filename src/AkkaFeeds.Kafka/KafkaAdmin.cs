using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace AkkaFeeds.Kafka;

/// <summary>
/// The questions about topics that a reader asks, each with a deadline. A client of its own; thread-safe. All methods
/// throw
/// <see cref="KafkaException"/> when the broker does not answer in time or refuses.
/// </summary>
public sealed class KafkaAdmin : IDisposable
{
    /// <summary>
    /// A broker that is back is found within a second: librdkafka's own 10 s would outlast a member's session.
    /// </summary>
    internal const string ReconnectBackoffMax = "1000";

    private readonly IAdminClient client;

    /// <summary>A client of the given brokers.</summary>
    /// <param name="bootstrapServers">host:port, several by comma.</param>
    /// <param name="properties">Further settings by librdkafka's names (security).</param>
    public KafkaAdmin(string bootstrapServers, IEnumerable<KeyValuePair<string, string>>? properties = null)
    {
        var settings = (properties ?? []).ToDictionary(each => each.Key, each => each.Value);
        settings["bootstrap.servers"] = bootstrapServers;
        settings.TryAdd("reconnect.backoff.max.ms", ReconnectBackoffMax);
        client = new AdminClientBuilder(settings).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
    }

    /// <summary>
    /// Ids and numbers of partitions of topics, in the order asked for; null for a topic that is not there.
    /// </summary>
    public async Task<IReadOnlyList<TopicFacts?>> DescribeTopics(IReadOnlyList<string> topics, TimeSpan deadline)
    {
        ArgumentNullException.ThrowIfNull(topics);
        var options = new DescribeTopicsOptions { RequestTimeout = deadline };
        List<TopicDescription> found;
        try
        {
            var result = await client.DescribeTopicsAsync(TopicCollection.OfTopicNames(topics), options)
                .WaitAsync(deadline).ConfigureAwait(false);
            found = result.TopicDescriptions;
        }
        catch (DescribeTopicsException error)
        {
            found = error.Results.TopicDescriptions;
        }
        catch (TimeoutException)
        {
            throw new KafkaException(new Error(ErrorCode.Local_TimedOut));
        }

        return [.. topics.Select(name => Facts(found.Find(each => each.Name == name), name))];
    }

    /// <summary>
    /// The ends of partitions (exclusive): for <see cref="IsolationLevel.ReadCommitted"/> the last stable offset,
    /// which an open
    /// transaction holds back.
    /// </summary>
    public Task<IReadOnlyDictionary<TopicPartition, long>> EndOffsets(
        IReadOnlyCollection<TopicPartition> partitions, TimeSpan deadline,
        IsolationLevel isolation = IsolationLevel.ReadCommitted) =>
        Offsets(partitions, OffsetSpec.Latest(), isolation, deadline);

    /// <summary>The first offsets that the log still has.</summary>
    public Task<IReadOnlyDictionary<TopicPartition, long>> EarliestOffsets(
        IReadOnlyCollection<TopicPartition> partitions, TimeSpan deadline) =>
        Offsets(partitions, OffsetSpec.Earliest(), IsolationLevel.ReadUncommitted, deadline);

    /// <summary>
    /// Whether a topic is compacted (<c>cleanup.policy</c> contains compact). Only a real broker answers.
    /// </summary>
    public async Task<bool> IsCompacted(string topic, TimeSpan deadline)
    {
        var resource = new ConfigResource { Type = ResourceType.Topic, Name = topic };
        try
        {
            var results =
                await client.DescribeConfigsAsync([resource], new DescribeConfigsOptions { RequestTimeout = deadline })
                .WaitAsync(deadline).ConfigureAwait(false);
            return results.Single().Entries["cleanup.policy"].Value.Contains("compact", StringComparison.Ordinal);
        }
        catch (TimeoutException)
        {
            throw new KafkaException(new Error(ErrorCode.Local_TimedOut));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private static TopicFacts? Facts(TopicDescription? description, string name)
    {
        if (description is null || description.Error.Code is ErrorCode.UnknownTopicOrPart)
        {
            return null;
        }

        return description.Error.IsError
            ? throw new KafkaException(description.Error)
            : new(name, description.TopicId.ToString(), description.Partitions.Count);
    }

    private async Task<IReadOnlyDictionary<TopicPartition, long>> Offsets(
        IReadOnlyCollection<TopicPartition> partitions, OffsetSpec which, IsolationLevel isolation, TimeSpan deadline)
    {
        ArgumentNullException.ThrowIfNull(partitions);
        var answers = await AskOffsets(partitions, which, isolation, deadline).ConfigureAwait(false);
        var moved = answers.Where(each => IsOfAFormerLeader(each.TopicPartitionOffsetError.Error.Code))
            .Select(each => each.TopicPartitionOffsetError.Topic).Distinct().ToList();
        if (moved.Count > 0)
        {
            // The client asks under the leader epoch that it remembers, and would by itself ask for another one after
            // minutes only: a broker that was started again then looks dead for as long.
            await Task.Run(() => moved.ForEach(topic => client.GetMetadata(topic, deadline))).ConfigureAwait(false);
            answers = await AskOffsets(partitions, which, isolation, deadline).ConfigureAwait(false);
        }

        return OffsetsOf(answers);
    }

    private static bool IsOfAFormerLeader(ErrorCode code) => code is ErrorCode.FencedLeaderEpoch
        or ErrorCode.UnknownLeaderEpoch or ErrorCode.NotLeaderForPartition or ErrorCode.LeaderNotAvailable;

    private async Task<IReadOnlyList<ListOffsetsResultInfo>> AskOffsets(
        IReadOnlyCollection<TopicPartition> partitions, OffsetSpec which, IsolationLevel isolation, TimeSpan deadline)
    {
        var options = new ListOffsetsOptions { RequestTimeout = deadline, IsolationLevel = isolation };
        try
        {
            var result = await client.ListOffsetsAsync(
                partitions.Select(each => new TopicPartitionOffsetSpec { TopicPartition = each, OffsetSpec = which }),
                options).WaitAsync(deadline).ConfigureAwait(false);
            return result.ResultInfos;
        }
        catch (ListOffsetsException error)
        {
            return error.Result.ResultInfos;
        }
        catch (TimeoutException)
        {
            throw new KafkaException(new Error(ErrorCode.Local_TimedOut));
        }
    }

    private static Dictionary<TopicPartition, long> OffsetsOf(IReadOnlyList<ListOffsetsResultInfo> found)
    {
        var offsets = new Dictionary<TopicPartition, long>(found.Count);
        foreach (var each in found)
        {
            var answer = each.TopicPartitionOffsetError;
            if (answer.Error.Code == ErrorCode.UnknownTopicOrPart)
            {
                // A topic that was deleted must not make the others look unreachable.
                continue;
            }

            if (answer.Error.IsError)
            {
                throw new KafkaException(answer.Error);
            }

            // A broker that hangs after it was asked before yields offset -1001 and no error; so only offsets are
            // answers.
            offsets[answer.TopicPartition] = answer.Offset.Value >= 0
                ? answer.Offset.Value
                : throw new KafkaException(
                    new Error(ErrorCode.Local_TimedOut, $"{answer.TopicPartition}: no offset in the answer"));
        }

        return offsets;
    }
}

/// <summary>What identifies a topic.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Kafka's topic id, 22 characters; another one after the topic was deleted and created
/// again.</param>
/// <param name="Partitions">How many partitions it has.</param>
public sealed record TopicFacts(string Name, string Id, int Partitions);
