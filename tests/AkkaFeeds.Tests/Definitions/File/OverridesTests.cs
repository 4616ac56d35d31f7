using AkkaFeeds.Definitions.Files;
using Xunit;

namespace AkkaFeeds.Tests.Definitions.Files;

public sealed class OverridesTests
{
    private const string Text = """
        kafka:
          brokers: 127.0.0.1:9092
          properties: { client.rack: a }
        feeds:
          on-time:
            from: { topic: t }
            key: origin
            view: { n: count(), delayRate: n / 2 }
            notify: { many-delays: { when: n > 1, every: 10m } }
        """;

    [Fact]
    public void A_variable_overrides_a_value_and_a_setting_overrides_the_variable()
    {
        var options = Read(
            [("AKKAFEEDS__CHECKPOINT__EVERY", "2s"), ("AKKAFEEDS__TOP__ITEMS", "5")], [("checkpoint.every", "3s")]);
        Assert.Equal(TimeSpan.FromSeconds(3), options.Checkpoint.Every);
        Assert.Equal(5, options.Top.Items);
    }

    [Fact]
    public void The_last_setting_wins() =>
        Assert.Equal(TimeSpan.FromMilliseconds(30), Read([], [("flush", "20ms"), ("flush", "30ms")]).Flush);

    [Fact]
    public void Case_is_ignored_and_a_dash_is_an_underscore()
    {
        var feed = Read(
            [
                ("akkafeeds__Feeds__ON_TIME__slots", "4"),
                ("AKKAFEEDS__FEEDS__ON_TIME__NOTIFY__MANY_DELAYS__EVERY", "1h"),
                ("AKKAFEEDS__FEEDS__ON_TIME__VIEW__DELAYRATE", "n / 3"),
            ],
            []).Feeds[0];
        Assert.Equal((4, TimeSpan.FromHours(1), "n / 3"), (feed.Slots, feed.Notify[0].Every, feed.View[1].Value.Text));
    }

    [Fact]
    public void An_expression_knows_that_it_came_from_the_command_line()
    {
        var feed = Read([], [("feeds.on-time.key", "destination"), ("feeds.on-time.view.more", "sum(x)")]).Feeds[0];
        Assert.Equal(
            ("destination", 0, 0, "--set"), (feed.Key!.Text, feed.Key.Line, feed.Key.Column, feed.Key.Origin));
        Assert.Equal(["n", "delayRate", "more"], feed.View.Select(field => field.Key));
    }

    [Fact]
    public void An_expression_of_the_command_line_needs_no_quotes_of_yaml() =>
        Assert.Equal("!has(x)", Read([], [("feeds.on-time.where", "!has(x)")]).Feeds[0].Where!.Text);

    [Fact]
    public void A_list_is_written_with_commas()
    {
        var options = Read([("AKKAFEEDS__KAFKA__BROKERS", "a:1, b:2")], [("feeds.on-time.show", "late,corrected")]);
        Assert.Equal(["a:1", "b:2"], options.Kafka.Brokers);
        Assert.Equal(["late", "corrected"], options.Feeds[0].Show);
    }

    [Fact]
    public void A_secret_of_librdkafka_comes_from_a_variable()
    {
        var options = Read(
            [("AKKAFEEDS__KAFKA__PROPERTIES__SASL_PASSWORD", "hunter2"),
                ("AKKAFEEDS__KAFKA__PROPERTIES__CLIENT_RACK", "b")],
            [("kafka.properties.sasl.username", "me")]);
        Assert.Equal("hunter2", options.Kafka.Properties["sasl.password"]);
        Assert.Equal("b", options.Kafka.Properties["client.rack"]);
        Assert.Equal("me", options.Kafka.Properties["sasl.username"]);
    }

    [Fact]
    public void A_section_that_the_file_lacks_is_made() =>
        Assert.Equal(4053, Read([("AKKAFEEDS__CLUSTER__PORT", "4053")], []).Cluster!.Port);

    [Fact]
    public void Embedded_brokers_make_the_store_temporary() =>
        Assert.Equal(StoreKind.Temporary, Read([], [("kafka.brokers", "embedded")]).Store.Kind);

    [Fact]
    public void Names_with_one_underscore_are_not_touched() =>
        Read([("AKKAFEEDS_ADMIN", "x"), ("AKKAFEEDS_TEST_DATA", "y"), ("AKKAFEEDS", "z"), ("PATH", "p")], []);

    [Fact]
    public void Dumps_show_no_secret()
    {
        var options = Read(
            [("AKKAFEEDS__KAFKA__PROPERTIES__SASL_PASSWORD", "hunter2")],
            [("store", "postgres:Host=h;Username=u;Password='hun;ter2';Database=d")]);
        Assert.Contains("hun;ter2", options.Store.ConnectionString, StringComparison.Ordinal);
        var dump = options.ToString();
        Assert.DoesNotContain("ter2", dump, StringComparison.Ordinal);
        Assert.Contains("postgres:Host=h;Username=u;Password=***;Database=d", dump, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kafka.properties.ssl.key.password", "hunter2", "***")]
    [InlineData("kafka.properties.ssl.key.pem", "-----BEGIN", "***")]
    [InlineData("kafka.properties.sasl.oauthbearer.config", "x", "***")]
    [InlineData("store", "postgres:Host=h;PASSWORD = hunter2;SSL Password=x",
        "postgres:Host=h;PASSWORD = ***;SSL Password=***")]
    [InlineData("store", "postgres:Host=h;Pwd=\"hun;ter2", "postgres:Host=h;Pwd=***")]
    [InlineData("url", "http://user:hun@ter2@host/x", "http://user:***@host/x")]
    [InlineData("feeds.f.key", "origin", "origin")]
    public void Secrets_are_masked(string field, string value, string shown) =>
        Assert.Equal(shown, Secrets.Mask(field, value));

    private static FeedsOptions Read((string, string)[] variables, (string, string)[] sets)
    {
        var (options, errors) = FeedsFile.Parse(
            Text, "a.yaml", "/folder", variables.ToDictionary(pair => pair.Item1, pair => pair.Item2), sets);
        Assert.Empty(errors.Select(error => error.ToString()));
        return options!;
    }
}
