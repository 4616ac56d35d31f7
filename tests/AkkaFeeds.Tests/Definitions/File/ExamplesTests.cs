using AkkaFeeds.Definitions;
using AkkaFeeds.Definitions.Compilation;
using AkkaFeeds.Definitions.Files;
using Xunit;

namespace AkkaFeeds.Tests.Definitions.Files;

public sealed class ExamplesTests
{
    public static TheoryData<string> Files() =>
        [.. Directory.GetFiles(Path.Combine(Repository.Folder, "docs", "examples"), "*.yaml")
            .Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_example_is_read_and_compiled(string name)
    {
        var path = Path.Combine(Repository.Folder, "docs", "examples", name);
        var (options, errors) = FeedsFile.Load(path, new Dictionary<string, string>(), []);
        Assert.Empty(errors.Select(error => error.ToString()));
        var limits = new CompileLimits(options!.Top.Items, (int)options.Key.Bytes, options.Ids.Keep);
        var wrong = new List<DefinitionError>();
        var compiled = options.Feeds.Select(feed => CompiledFeed.Compile(feed, path, limits, wrong)).ToList();
        Assert.Equal("", string.Join("\n", wrong));
        Assert.DoesNotContain(null, compiled);
    }

    [Fact]
    public void There_are_examples() => Assert.True(Files().Count >= 4);
}
