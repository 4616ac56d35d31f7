using System.Text.RegularExpressions;
using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Serve;

/// <summary>One run of the binary that is expected to end by itself.</summary>
internal sealed partial class ServerRun
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private ServerRun(int exitCode, IReadOnlyList<string> errors)
    {
        ExitCode = exitCode;
        Errors = errors;
    }

    public int ExitCode { get; }

    /// <summary>All that it wrote to stderr.</summary>
    public IReadOnlyList<string> Errors { get; }

    public static async Task<ServerRun> OfAsync(params string[] arguments)
    {
        await using var process = ChildProcess.Start(ServerBinary.Path, arguments);
        var code = await process.ExitAsync(Limit);
        return new(code, process.Errors);
    }

    /// <summary>
    /// One error, in the documented form, with what it is about in it, and nothing that only a developer can read.
    /// </summary>
    public void AssertOneError(int exitCode, string about)
    {
        var all = string.Join('\n', Errors);
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, expected {exitCode}:\n{all}");
        var error = Assert.Single(Errors, line => line.StartsWith("akkafeeds: ", StringComparison.Ordinal));
        Assert.Matches(ErrorLine(), error);
        Assert.Contains(about, error, StringComparison.OrdinalIgnoreCase);
        AssertNoTrace();
    }

    /// <summary>Several errors of a file: <c>file:line:column: field: value: what is wrong; suggestion</c>.</summary>
    public void AssertFileErrors(params string[] fields)
    {
        var all = string.Join('\n', Errors);
        Assert.True(ExitCode == 2, $"exit code {ExitCode}, expected 2:\n{all}");
        foreach (var field in fields)
        {
            Assert.Contains(Errors, line => FileErrorLine().Match(line) is { Success: true } match
                && match.Groups["field"].Value == field);
        }

        AssertNoTrace();
    }

    private void AssertNoTrace()
    {
        Assert.DoesNotContain(Errors, line => line.StartsWith("   at ", StringComparison.Ordinal));
        Assert.DoesNotContain(Errors, line => line.Contains("Unhandled exception", StringComparison.Ordinal));
    }

    [GeneratedRegex("^akkafeeds: [^:].*: .+; .+$")]
    private static partial Regex ErrorLine();

    [GeneratedRegex(@"^(akkafeeds: )?\S+\.yaml:[1-9][0-9]*:[1-9][0-9]*: (?<field>[^:\s]+): .*: .+; .+$")]
    private static partial Regex FileErrorLine();
}
