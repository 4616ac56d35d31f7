using AkkaFeeds.Server.Cli;
using Xunit;

namespace AkkaFeeds.Tests.Server.Cli;

public sealed class CommandLineTests
{
    private static readonly Verb Serve = Verbs.All.Single(verb => verb.Name == "serve");
    private static readonly Verb Check = Verbs.All.Single(verb => verb.Name == "check");

    [Fact]
    public void Options_stand_before_and_behind_the_argument_in_both_forms()
    {
        var one = CommandLine.Parse(
            Serve, ["--http", "127.0.0.1:0", "feeds.yaml", "--set=store=a=b", "--set", "kafka.group=g"]);

        Assert.Equal(["feeds.yaml"], one.Arguments);
        Assert.Equal("127.0.0.1:0", one.Value("--http"));
        Assert.Equal([new("store", "a=b"), new("kafka.group", "g")], one.Sets());
        Assert.Null(one.Value("--admin"));
    }

    [Fact]
    public void Behind_two_dashes_everything_is_an_argument()
    {
        Assert.Equal(["--http"], CommandLine.Parse(Serve, ["--", "--http"]).Arguments);
    }

    [Fact]
    public void Help_wins_over_everything_that_is_wrong()
    {
        Assert.True(CommandLine.Parse(Serve, ["--nonsense", "a", "b", "--help"]).WantsHelp);
        Assert.True(CommandLine.Parse(Serve, ["-h"]).WantsHelp);
    }

    [Theory]
    [InlineData("FILE is missing")]
    [InlineData("FILE is missing", "--http", "127.0.0.1:0")]
    [InlineData("FILE is empty", "")]
    [InlineData("one argument too many, 'b.yaml'", "a.yaml", "b.yaml")]
    [InlineData("unknown option '--htp'; did you mean --http?", "a.yaml", "--htp", "x")]
    [InlineData("unknown option '-x'; serve takes --set, --http, --admin, --help", "a.yaml", "-x")]
    [InlineData("unknown option '--json'", "a.yaml", "--json")]
    [InlineData("--http has no value; write --http ADDR", "a.yaml", "--http")]
    [InlineData("--http has no value", "a.yaml", "--http", "--admin", "x")]
    [InlineData("--http stands twice", "a.yaml", "--http", "a", "--http", "b")]
    public void A_command_line_that_is_wrong_says_how_it_would_be_right(string said, params string[] words)
    {
        var error = Assert.Throws<StartupException>(() => CommandLine.Parse(Serve, words));

        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Equal(StartupException.BadInput, error.ExitCode);
    }

    [Fact]
    public void A_switch_takes_no_value()
    {
        var error = Assert.Throws<StartupException>(() => CommandLine.Parse(Check, ["a.yaml", "--json=yes"]));

        Assert.Contains("--json takes no value", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("=value")]
    public void A_setting_without_name_or_value_is_refused(string set)
    {
        var invocation = CommandLine.Parse(Serve, ["a.yaml", "--set", set]);

        Assert.Contains(
            "section.name=value", Assert.Throws<StartupException>(() => invocation.Sets()).Message,
            StringComparison.Ordinal);
    }
}
