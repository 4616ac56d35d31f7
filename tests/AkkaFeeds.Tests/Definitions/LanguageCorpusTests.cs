using AkkaFeeds.Definitions.Vectors;
using Xunit;

namespace AkkaFeeds.Tests.Definitions;

public class LanguageCorpusTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "language");

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileName(file)!).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_vector_of_the_language_holds(string file)
    {
        var results = VectorRunner.Run(File.ReadAllText(Path.Combine(Folder, file)));
        Assert.NotEmpty(results);
        Assert.All(results, result =>
            Assert.True(result.Passed, $"{file}: {result.Name}: {string.Join("; ", result.Failures)}"));
    }

    [Fact]
    public void The_corpus_is_whole_and_its_names_are_unique()
    {
        var names = Directory.GetFiles(Folder, "*.json")
            .SelectMany(file => VectorRunner.Run(File.ReadAllText(file)))
            .Select(result => result.Name)
            .ToList();
        Assert.True(names.Count >= 60, $"{names.Count} vectors");
        Assert.Equal(names.Count, names.Distinct().Count());
    }

    [Fact]
    public void A_vector_that_expects_something_else_fails_and_says_what()
    {
        var results = VectorRunner.Run(
            """
            {"vectors":[{"name":"wrong","feed":{"view":{"n":"count()"}},"records":[{"key":"k","value":{}}],
            "views":{"k":{"n":2},"j":{}},"outcomes":{"applied":2}},{"name":"typo","fed":{}},{"name":"set","feed":{"kee":"x","view":{}}}]}
            """);
        Assert.Equal(3, results[0].Failures.Count);
        Assert.Contains("""views: k: expected {"n":2}, actual {"n":1}""", results[0].Failures);
        Assert.Contains("fed", Assert.Single(results[1].Failures), StringComparison.Ordinal);
        Assert.Contains("feed.kee: x: is unknown; did you mean key", results[2].Failures[0], StringComparison.Ordinal);
        Assert.Contains("feed.view: {}: has no entries", results[2].Failures[1], StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => VectorRunner.Run("[]"));
        Assert.Throws<FormatException>(() => VectorRunner.Run("{"));
    }
}
