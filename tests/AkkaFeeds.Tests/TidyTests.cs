using AkkaFeeds.Contracts;
using AkkaFeeds.Tests.Tidy;
using Xunit;

namespace AkkaFeeds.Tests;

/// <summary>What STYLE.md asks for, as far as a program can see it.</summary>
public sealed class TidyTests
{
    [Fact]
    public void Sources_keep_to_the_sizes_names_and_calls_of_the_style()
    {
        var allowances = new Allowances(SourceTree.Read(Allowances.Path));
        var found = SourceTree.Files.SelectMany(SizeRules.Check)
            .Concat(SourceTree.Files.SelectMany(BannedCalls.Check))
            .Concat(SourceTree.Files.Where(file => file.IsUnder("src")).SelectMany(TypeRules.Check))
            .Concat(ArrowRules.CheckStages(SourceTree.Files));
        Violation[] left = [.. allowances.Without(found), .. allowances.Malformed, .. allowances.Unneeded()];
        AssertNone(left);
    }

    [Fact]
    public void Half_of_the_source_files_are_under_a_hundred_lines()
    {
        var median = SizeRules.Median(SourceTree.Files.Where(file => file.IsUnder("src")));
        Assert.True(median < SizeRules.MedianLinesPerFile, $"The median source file has {median} lines.");
    }

    [Fact]
    public void Projects_reference_only_what_the_arrows_allow()
    {
        string[] projects = [.. SourceTree.Paths().Where(path => path.StartsWith("src/", StringComparison.Ordinal)
            && path.EndsWith(".csproj", StringComparison.Ordinal))];
        Assert.NotEmpty(projects);
        AssertNone(projects.SelectMany(path => ArrowRules.CheckProject(path, SourceTree.Read(path))));
    }

    [Theory]
    [InlineData("tests/AkkaFeeds.Oracle/AkkaFeeds.Oracle.csproj")]
    [InlineData("tests/AkkaFeeds.Chaos/AkkaFeeds.Chaos.csproj")]
    [InlineData("tests/AkkaFeeds.Harness/AkkaFeeds.Harness.csproj")]
    public void What_proves_from_outside_knows_nothing_of_the_sources(string project) =>
        AssertNone(ArrowRules.CheckIndependence(project, SourceTree.Read));

    [Fact]
    public void The_oracle_is_built_without_any_assembly_of_the_sources()
    {
        var references = typeof(LogOracle.RunFolder).Assembly.GetReferencedAssemblies()
            .Select(reference => reference.Name!);
        Assert.DoesNotContain(references, name => name.StartsWith("Akka", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Contracts_is_built_without_Akka_and_without_AspNet()
    {
        var references = typeof(KeyName).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!);
        Assert.DoesNotContain(
            references, name => name.StartsWith("Akka", StringComparison.Ordinal)
                || name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    [Fact]
    public void No_file_names_a_folder_of_a_machine() =>
        AssertNone(SourceTree.Paths().SelectMany(path => BannedCalls.MachinePaths(path, SourceTree.Read(path))));

    private static void AssertNone(IEnumerable<Violation> violations)
    {
        string[] lines = [.. violations.Select(violation => violation.ToString()).Order(StringComparer.Ordinal)];
        Assert.True(lines.Length == 0, $"{lines.Length} places break the style:\n{string.Join('\n', lines)}");
    }
}
