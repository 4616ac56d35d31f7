using AkkaFeeds.Definitions.Files;
using AkkaFeeds.Server.Config;
using Xunit;

namespace AkkaFeeds.Tests.Definitions.Files;

public sealed class ConfigurationDocTests
{
    [Fact]
    public void The_committed_page_is_what_the_program_prints()
    {
        var path = Path.Combine(Repository.Folder, "docs", "configuration.md");
        if (Environment.GetEnvironmentVariable("AKKAFEEDS_TEST_APPROVE") == "1")
        {
            File.WriteAllText(path, ConfigurationDoc.Markdown(FixedLimits.All));
        }

        Assert.True(
            ConfigurationDoc.Markdown(FixedLimits.All) == File.ReadAllText(path),
            "docs/configuration.md is not what the options say: run this test with AKKAFEEDS_TEST_APPROVE=1 and commit it.");
    }

    [Fact]
    public void The_default_file_reads_as_the_defaults()
    {
        var (options, errors) = Read(ConfigurationDoc.DefaultYaml());
        Assert.Empty(errors.Select(error => error.ToString()));
        var (least, _) = Read("""
            kafka: { brokers: 127.0.0.1:9092 }
            feeds: { flights: { from: { topic: flights }, view: { departures: count() } } }
            """);
        Assert.Equal(Dump(least!), Dump(options!));
    }

    [Fact]
    public void Every_variable_that_is_listed_is_known()
    {
        var text = ConfigurationDoc.DefaultYaml().Replace(
            "    view:\n", "    notify: { many-delays: { when: departures > 50, every: 10m } }\n    view:\n",
            StringComparison.Ordinal);
        var lines = ConfigurationDoc.Environment().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length > 50, $"only {lines.Length} variables are listed");
        foreach (var line in lines)
        {
            var variable = line[..line.IndexOf('=', StringComparison.Ordinal)];
            var (_, errors) = FeedsFile.Parse(
                text, "a.yaml", "/folder", new Dictionary<string, string> { [variable] = "\u00a7" }, []);
            Assert.DoesNotContain(errors, error => error.Problem.Contains("unknown", StringComparison.Ordinal));
            Assert.DoesNotContain(errors, error => error.File == "a.yaml");
        }
    }

    private static (FeedsOptions? Options, IReadOnlyList<AkkaFeeds.Definitions.DefinitionError> Errors) Read(
        string text) =>
        FeedsFile.Parse(text, "a.yaml", "/folder", new Dictionary<string, string>(), []);

    private static string Dump(FeedsOptions options) => System.Text.Json.JsonSerializer.Serialize(
        options with { Feeds = [] }) + options.Feeds[0].Slots + options.Feeds[0].Format + options.Feeds[0].WallWindows;
}
