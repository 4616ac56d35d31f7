using AkkaFeeds.Server.Cli;
using Xunit;

namespace AkkaFeeds.Tests.Server.Cli;

public sealed class AppTests : IDisposable
{
    private readonly StringWriter output = new();
    private readonly StringWriter errors = new();

    public void Dispose()
    {
        output.Dispose();
        errors.Dispose();
    }

    [Theory]
    [InlineData]
    [InlineData("help")]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help", "help")]
    [InlineData("help", "--help")]
    public async Task Help_lists_every_verb(params string[] words)
    {
        Assert.Equal(0, await RunAsync(words));

        Assert.All(Verbs.All, verb => Assert.Contains(verb.Usage, output.ToString(), StringComparison.Ordinal));
        Assert.Equal("", errors.ToString());
    }

    [Theory]
    [InlineData("help", "serve")]
    [InlineData("serve", "--help")]
    [InlineData("serve", "feeds.yaml", "--http", "--help")]
    public async Task Help_of_a_verb_shows_each_option_and_an_example(params string[] words)
    {
        Assert.Equal(0, await RunAsync(words));

        var serve = Verbs.All.Single(verb => verb.Name == "serve");
        Assert.All(serve.Options, option => Assert.Contains(option.Help, output.ToString(), StringComparison.Ordinal));
        Assert.Contains(serve.Example, output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_is_one_line()
    {
        Assert.Equal(0, await RunAsync("--version"));

        Assert.Matches("^akkafeeds [0-9]+\\.[0-9]+\\.[0-9]+\\r?\\n$", output.ToString());
    }

    [Theory]
    [InlineData("akkafeeds: 'serv': unknown verb; did you mean serve?", "serv")]
    [InlineData("akkafeeds: 'xyzzy': unknown verb; akkafeeds help lists the verbs", "xyzzy")]
    [InlineData("akkafeeds: status: this release does not have it yet; akkafeeds help lists what it has", "status",
        "--json")]
    [InlineData("akkafeeds: '--json': the verb comes first; akkafeeds help lists the verbs", "--json", "status")]
    [InlineData("akkafeeds: 'a\\u000ab\\u001b': unknown verb; akkafeeds help lists the verbs", "a\nb\u001b")]
    [InlineData("akkafeeds: '': unknown verb; akkafeeds help lists the verbs", "")]
    [InlineData("akkafeeds: 'nope': unknown verb; akkafeeds help lists the verbs", "help", "nope")]
    [InlineData("akkafeeds: serve: FILE is missing; write akkafeeds serve FILE", "serve")]
    public async Task Wrong_usage_is_one_line_on_stderr_and_exit_code_2(string line, params string[] words)
    {
        Assert.Equal(2, await RunAsync(words));

        Assert.StartsWith(line, errors.ToString(), StringComparison.Ordinal);
        Assert.Single(errors.ToString().TrimEnd('\n', '\r').Split('\n'));
        Assert.Equal("", output.ToString());
    }

    [Fact]
    public async Task A_verb_runs_and_its_failure_is_one_line_with_its_exit_code()
    {
        var app = new App(output, errors, new Dictionary<string, App.VerbRun>
        {
            ["serve"] = (_, _, _) => throw new StartupException("store x", "it is locked", "end the other process"),
        });

        Assert.Equal(1, await app.RunAsync(["serve", "feeds.yaml"]));
        Assert.Equal("akkafeeds: store x: it is locked; end the other process", errors.ToString().TrimEnd());
    }

    private Task<int> RunAsync(params string[] words) =>
        new App(output, errors, new Dictionary<string, App.VerbRun>()).RunAsync(words);
}
