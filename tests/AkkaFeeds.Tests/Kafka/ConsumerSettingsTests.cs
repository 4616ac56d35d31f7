using AkkaFeeds.Kafka;
using Xunit;

namespace AkkaFeeds.Tests.Kafka;

public sealed class ConsumerSettingsTests
{
    [Theory]
    [InlineData("15000", "20000")]
    [InlineData("45000", "45000")]
    [InlineData("long", "20000")]
    public void A_longer_session_than_the_pause_between_polls_makes_that_as_long(string session, string pause) =>
        Assert.Equal(
            pause,
            ConsumerSettings<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>.Create()
                .WithProperty("session.timeout.ms", session).Properties["max.poll.interval.ms"]);

    [Fact]
    public void Defaults_lose_nothing_in_silence()
    {
        var properties = ConsumerSettings.Raw().Properties;
        Assert.Equal("error", properties["auto.offset.reset"]);
        Assert.Equal("false", properties["enable.auto.commit"]);
        Assert.Equal("false", properties["enable.auto.offset.store"]);
        Assert.Equal("read_committed", properties["isolation.level"]);
        Assert.Equal("true", properties["check.crcs"]);
        Assert.Equal("cooperative-sticky", properties["partition.assignment.strategy"]);
    }

    [Theory]
    [InlineData("enable.auto.commit", "true")]
    [InlineData("enable.auto.offset.store", "true")]
    [InlineData("enable.partition.eof", "false")]
    public void What_the_library_relies_on_cannot_be_changed(string name, string value)
    {
        var refused = Assert.Throws<ArgumentException>(() => ConsumerSettings.Raw().WithProperty(name, value));
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_copy_leaves_its_origin_alone()
    {
        var before = ConsumerSettings.Raw();
        var after = before.WithGroupId("g").WithBatchRecords(10).WithBufferBytes(1 << 20);
        Assert.DoesNotContain("group.id", before.Properties.Keys);
        Assert.Equal(("g", 10, 1L << 20), (after.Properties["group.id"], after.BatchRecords, after.BufferBytes));
        Assert.Equal(1000, before.BatchRecords);
    }

    [Fact]
    public void The_newer_group_protocol_gets_no_settings_that_its_broker_decides()
    {
        var properties = ConsumerSettings.Raw().WithProperty("group.protocol", "consumer").ClientProperties();
        Assert.DoesNotContain("session.timeout.ms", properties.Keys);
        Assert.DoesNotContain("partition.assignment.strategy", properties.Keys);
        Assert.Equal("8000", ConsumerSettings.Raw().ClientProperties()["session.timeout.ms"]);
    }

    [Fact]
    public void Secrets_are_not_shown()
    {
        var text = ConsumerSettings.Raw().WithProperty("sasl.password", "hush").WithGroupId("seen").ToString();
        Assert.DoesNotContain("hush", text, StringComparison.Ordinal);
        Assert.Contains("sasl.password=***", text, StringComparison.Ordinal);
        Assert.Contains("group.id=seen", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_without_a_deserializer_is_refused_at_once() =>
        Assert.Throws<ArgumentException>(() => ConsumerSettings<Uri, string>.Create());
}
