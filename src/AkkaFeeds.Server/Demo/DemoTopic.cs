using AkkaFeeds.Definitions.Files;
using AkkaFeeds.Kafka;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace AkkaFeeds.Server.Demo;

/// <summary>Makes the demo's topic on a real broker, where it is missing. The embedded one has it from its
/// start.</summary>
internal static class DemoTopic
{
    private const int Partitions = 4;
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns when the broker describes the topic.</summary>
    /// <exception cref="StartupException">The broker cannot be reached, or does not make the topic.</exception>
    public static async Task EnsureAsync(KafkaOptions kafka, string topic, TimeProvider clock)
    {
        var brokers = string.Join(',', kafka.Brokers);
        using var admin = new KafkaAdmin(brokers, kafka.Properties);
        try
        {
            if (!await IsThereAsync(admin, topic).ConfigureAwait(false))
            {
                await CreateAsync(brokers, kafka.Properties, topic).ConfigureAwait(false);
                await SeenAsync(admin, topic, clock).ConfigureAwait(false);
            }
        }
        catch (CreateTopicsException exception)
        {
            throw new StartupException(
                $"topic {topic}", $"Kafka at {brokers} does not make it ({exception.Results[0].Error.Reason})",
                "make it with 4 partitions, or let the demo make it", StartupException.Failed, exception);
        }
        catch (KafkaException exception)
        {
            throw new StartupException(
                $"Kafka at {brokers}", $"it cannot be reached ({exception.Error.Reason})",
                "start the broker, or correct --broker", StartupException.Unreachable, exception);
        }
    }

    private static async Task<bool> IsThereAsync(KafkaAdmin admin, string topic) =>
        (await admin.DescribeTopics([topic], AnswerWithin).ConfigureAwait(false))[0] is not null;

    private static async Task CreateAsync(
        string brokers, IEnumerable<KeyValuePair<string, string>> properties, string topic)
    {
        var settings = new Dictionary<string, string>(properties) { ["bootstrap.servers"] = brokers };
        using var client = new AdminClientBuilder(settings)
            .SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
        try
        {
            await client.CreateTopicsAsync(
                [new TopicSpecification { Name = topic, NumPartitions = Partitions, ReplicationFactor = -1 }],
                new CreateTopicsOptions { RequestTimeout = AnswerWithin, OperationTimeout = AnswerWithin })
                .ConfigureAwait(false);
        }
        catch (CreateTopicsException exception)
            when (exception.Results.TrueForAll(each => each.Error.Code is ErrorCode.TopicAlreadyExists))
        {
            // Another process was faster.
        }
    }

    /// <summary>A topic that was just made is not known to each broker at once.</summary>
    private static async Task SeenAsync(KafkaAdmin admin, string topic, TimeProvider clock)
    {
        var since = clock.GetTimestamp();
        while (!await IsThereAsync(admin, topic).ConfigureAwait(false))
        {
            if (clock.GetElapsedTime(since) > SeenWithin)
            {
                throw new KafkaException(new Error(ErrorCode.Local_TimedOut, "the new topic does not show"));
            }

            var pause = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var timer = clock.CreateTimer(
                _ => pause.TrySetResult(), null, AskAgainAfter, Timeout.InfiniteTimeSpan);
            await pause.Task.ConfigureAwait(false);
        }
    }
}
