using AkkaFeeds.Definitions.Files;
using Xunit;

namespace AkkaFeeds.Tests.Definitions.Files;

public sealed class ExamplesTests
{
    public static TheoryData<string> Files() =>
        [.. Directory.GetFiles(Path.Combine(Repository.Folder, "docs", "examples"), "*.yaml").Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_example_is_read(string name)
    {
        var path = Path.Combine(Repository.Folder, "docs", "examples", name);
        var (options, errors) = FeedsFile.Load(path, new Dictionary<string, string>(), []);
        Assert.Empty(errors.Select(error => error.ToString()));
        Assert.NotEmpty(options!.Feeds);
    }

    [Fact]
    public void There_are_examples() => Assert.True(Files().Count >= 4);
}
