using System.Text.RegularExpressions;
using AkkaFeeds.Tests.Tidy;
using Xunit;

namespace AkkaFeeds.Tests;

/// <summary>What a program can see of the pages: that they lead somewhere, and show what is really there.</summary>
public sealed partial class PagesTests
{
    [Fact]
    public void Links_between_pages_lead_to_files()
    {
        var broken =
            from page in SourceTree.Paths().Where(path => path.EndsWith(".md", StringComparison.Ordinal))
            from Match link in Link().Matches(SourceTree.Read(page))
            let target = Path.Combine(SourceTree.Root, Path.GetDirectoryName(page)!, link.Groups["target"].Value)
            where !File.Exists(target) && !Directory.Exists(target)
            select $"{page}: {link.Value}";
        Assert.Empty(broken);
    }

    [Fact]
    public void The_file_in_the_README_is_the_example_that_is_compiled()
    {
        var shown = Yaml().Match(SourceTree.Read("README.md")).Groups["text"].Value;
        Assert.Equal(SourceTree.Read("docs/examples/flights.yaml"), shown);
    }

    [Fact]
    public void The_index_of_decisions_names_each_of_them()
    {
        var index = SourceTree.Read("docs/adr/README.md");
        string[] decisions =
        [
            .. SourceTree.Paths().Where(path => path.StartsWith("docs/adr/0", StringComparison.Ordinal))
                .Select(path => Path.GetFileName(path)),
        ];
        Assert.NotEmpty(decisions);
        Assert.All(decisions, decision => Assert.Contains($"({decision})", index, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\]\((?!https?:|mailto:|#)(?<target>[^)#\s]+)(#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"```yaml\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Yaml();
}
