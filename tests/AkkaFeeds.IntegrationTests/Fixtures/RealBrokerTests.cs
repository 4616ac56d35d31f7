using Confluent.Kafka;
using Xunit;

namespace AkkaFeeds.IntegrationTests.Fixtures;

public sealed class RealBrokerTests
{
    [SkippableFact]
    [Trait("Run", "long")]
    public async Task Broker_keeps_its_records_over_a_kill_and_answers_again_after_a_suspension()
    {
        await using var broker = await RealBroker.StartAsync();
        Skip.If(broker is null || !broker.IsOurs, RealBroker.SkipReason);
        await broker.CreateTopicAsync("kept", 1);
        Assert.Equal(0, await ProduceAsync(broker, "first"));

        await broker.KillAsync();
        await broker.RestartAsync();
        Assert.Equal(1, await ProduceAsync(broker, "second"));

        await broker.SuspendAsync();
        var third = ProduceAsync(broker, "third");
        await broker.ResumeAsync();
        Assert.Equal(2, await third);
    }

    private static async Task<long> ProduceAsync(RealBroker broker, string value)
    {
        var config = new ProducerConfig { BootstrapServers = broker.BootstrapServers, LingerMs = 0 };
        using var producer = new ProducerBuilder<Null, string>(config).SetLogHandler((_, _) => { }).Build();
        var result = await producer.ProduceAsync("kept", new Message<Null, string> { Value = value });
        return result.Offset.Value;
    }
}
