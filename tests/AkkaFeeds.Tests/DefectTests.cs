using System.Text.RegularExpressions;
using AkkaFeeds.Tests.Tidy;
using Xunit;

namespace AkkaFeeds.Tests;

/// <summary>
/// The defects that the proof has to find (tests/defects.txt): each stands in the sources and is run, and no build
/// that anybody is given has one.
/// </summary>
public sealed partial class DefectTests
{
    [Fact]
    public void Every_defect_of_the_sources_is_listed_and_every_listed_one_is_in_the_sources()
    {
        var inSources = SourceTree.Files.Where(file => file.IsUnder("src"))
            .SelectMany(file => Constant().Matches(SourceTree.Read(file.Path)))
            .Select(constant => constant.Groups["name"].Value);
        Assert.Equal(inSources.Order(StringComparer.Ordinal), Listed().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void At_least_twenty_defects_are_found_without_a_broker()
    {
        var found = Rows().Count(row => row.Groups["by"].Value is "lane" or "fanout");
        Assert.True(found >= 20, $"{found} defects are run by a simulation");
    }

    [Fact]
    public void The_page_says_what_found_each_defect()
    {
        var page = SourceTree.Read("docs/reliability.md");
        Assert.All(Listed(), name => Assert.Contains($"| `{name}` |", page, StringComparison.Ordinal));
        Assert.DoesNotContain("NOT FOUND", page, StringComparison.Ordinal);
    }

    [Fact]
    public void No_project_sets_a_defect_and_packing_refuses_one()
    {
        string[] builds = [.. SourceTree.Paths().Where(path => Build().IsMatch(path))];
        Assert.Contains("Directory.Build.props", builds);
        Assert.All(builds, path => Assert.DoesNotContain("<Defect>", SourceTree.Read(path), StringComparison.Ordinal));
        Assert.Contains("Name=\"RefuseDefect\"", SourceTree.Read("Directory.Build.props"), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Listed() => Rows().Select(row => row.Groups["name"].Value);

    private static IEnumerable<Match> Rows() => Row().Matches(SourceTree.Read("tests/defects.txt"));

    // A constant that stands twice in the sources is two defects under one name, and a duplicate here.
    [GeneratedRegex(@"\bDEFECT_(?<name>[A-Z_]+)\b")]
    private static partial Regex Constant();

    [GeneratedRegex(@"^(?<name>[A-Z_]+) \| (?<by>lane|fanout|chaos [^|]+?) \| [^|\r\n]+\r?$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\.(props|targets|csproj)$|^\.ci/")]
    private static partial Regex Build();
}
