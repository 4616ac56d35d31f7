using AkkaFeeds.Definitions;
using AkkaFeeds.Server.Cli;
using Xunit;

namespace AkkaFeeds.Tests.Server.Cli;

/// <summary>An error of what was given on the command line names it as it was given.</summary>
public sealed class FileErrorsTests
{
    private static readonly Verb Serve = Verbs.All.Single(verb => verb.Name == "serve");

    [Theory]
    [InlineData("--http", "http.urls", "--http", "1.2.3.4:80")]
    [InlineData("--admin", "admin.urls", "--admin", "127.0.0.1:80")]
    [InlineData("--set", "http.urls", "--set", "http.urls=http://1.2.3.4:80")]
    [InlineData("--set", "store", "--http", "127.0.0.1:0", "--set", "store=x")]
    public void A_setting_that_has_an_option_is_named_by_the_option(string place, string field, params string[] words)
    {
        using var errors = new StringWriter();
        var failed = FileErrors.Report(
            "feeds.yaml", [new DefinitionError("--set", 0, 0, field, "v", "is wrong", "write another")],
            CommandLine.Parse(Serve, [.. words, "feeds.yaml"]), errors);
        Assert.Equal($"{place}: {field}: v: is wrong; write another\n", errors.ToString().ReplaceLineEndings("\n"));
        Assert.Contains("1 error", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_of_the_file_keeps_its_line()
    {
        using var errors = new StringWriter();
        FileErrors.Report(
            "feeds.yaml", [new DefinitionError("feeds.yaml", 3, 4, "http.urls", "v", "is wrong", "write another")],
            CommandLine.Parse(Serve, ["--http", "127.0.0.1:0", "feeds.yaml"]), errors);
        Assert.StartsWith("feeds.yaml:3:4: http.urls: ", errors.ToString(), StringComparison.Ordinal);
    }
}
