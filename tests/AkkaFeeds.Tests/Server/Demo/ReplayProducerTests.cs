using AkkaFeeds.Kafka;
using AkkaFeeds.Server.Demo;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AkkaFeeds.Tests.Server.Demo;

public sealed class ReplayProducerTests
{
    private const short ProduceRequest = 0;
    private const string Topic = "flights";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly ReplayTarget Target = new(Topic, new Dictionary<string, string>(), 200, 0);

    [Fact]
    public async Task What_the_broker_refuses_is_said_once_and_sent_again()
    {
        using var broker = EmbeddedBroker.Start(Topic, 1);
        var log = new KeptLog();
        var clock = new MovedClock();
        using var producer = new ReplayProducer(broker.BootstrapServers, Target, clock, log);
        broker.FailRequests(ProduceRequest, ErrorCode.PolicyViolation);

        Assert.True(producer.TrySend([1], [1]));
        producer.Flush(Limit);
        Assert.False(producer.TrySend([2], [2]));
        Assert.Contains("does not take", Assert.Single(log.Lines), StringComparison.Ordinal);
        clock.Move(TimeSpan.FromSeconds(1));
        Assert.True(producer.TrySend([2], [2]));
        producer.Flush(Limit);

        Assert.Equal(2, await EndAsync(broker));
        Assert.Contains("again", log.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_broker_is_away_records_wait_up_to_a_limit_and_arrive_when_it_is_back()
    {
        using var broker = EmbeddedBroker.Start(Topic, 1);
        using var producer = new ReplayProducer(broker.BootstrapServers, Target, TimeProvider.System, new KeptLog());
        broker.SetBrokerDown();

        var sent = 0;
        while (producer.TrySend([1], [1]))
        {
            sent++;
        }

        Assert.Equal(10_000, sent);
        broker.SetBrokerUp();
        producer.Flush(Limit);
        Assert.Equal(10_000, await EndAsync(broker));
        Assert.True(producer.TrySend([1], [1]));
    }

    private static async Task<long> EndAsync(EmbeddedBroker broker)
    {
        using var admin = new KafkaAdmin(broker.BootstrapServers);
        var partition = new TopicPartition(Topic, 0);
        return (await admin.EndOffsets([partition], Limit))[partition];
    }

    private sealed class MovedClock : TimeProvider
    {
        private long ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => ticks;

        public void Move(TimeSpan time) => ticks += time.Ticks;
    }

    private sealed class KeptLog : ILogger
    {
        private readonly List<string> lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (lines)
                {
                    return [.. lines];
                }
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            lock (lines)
            {
                lines.Add(formatter(state, exception));
            }
        }
    }
}
