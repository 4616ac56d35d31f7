using AkkaFeeds.Definitions.Expressions;
using CsCheck;
using Xunit;

namespace AkkaFeeds.Tests.Definitions.Expressions;

public class ParserTests
{
    private static readonly Gen<string> Words = Gen.OneOf(
        "a", "b.c", "1", "2.5", "'x'", "\"y\"", "(", ")", "[", "]", "{", "}", "+", "-", "*", "/", "%", "&&", "||",
        "!", "?", ":",
        ",", ".", "==", "<", "in", "has(", "count(", "last(", "top(", "$key", "$headers", "true", "null", "r'", "\\",
        "`", "0x", "9223372036854775808");

    [Fact]
    public void No_text_makes_the_compiler_throw()
    {
        Gen.String.Sample(Compiles);
        Words.List[0, 30].Select(words => string.Concat(words)).Sample(Compiles);
        Words.List[0, 30].Select(words => string.Join(' ', words)).Sample(Compiles);
    }

    [Fact]
    public void Depth_and_length_are_bounded()
    {
        foreach (var text in (string[])
            [
                new string('(', 100_000), new string('(', 5000), new string('-', 5000) + "1",
                new string('!', 5000) + "a",
                string.Concat(Enumerable.Repeat("[", 3000)), string.Concat(Enumerable.Repeat("a?b:", 1500)) + "c",
            ])
        {
            Assert.NotEmpty(FeedBench.ErrorsOf(FeedBench.Define(("v", text))));
        }
    }

    [Fact]
    public void A_long_chain_of_operators_is_read_and_computed()
    {
        var bench = new FeedBench(FeedBench.Define(("v", $"last({string.Join('+', Enumerable.Repeat("1", 4000))})")));
        bench.Add("{}");
        Assert.Equal("""{"v":4000}""", bench.View());
    }

    [Theory]
    [InlineData("a = 1", 2, "==")]
    [InlineData("a & b", 2, "&&")]
    [InlineData("'open", 0, "close it")]
    [InlineData("a +", 3, "language.md")]
    [InlineData("for", 0, "backquotes")]
    [InlineData("$hedders", 0, "$headers")]
    [InlineData("1x", 0, "space")]
    [InlineData("99999999999999999999", 0, ".0")]
    public void Errors_say_where_and_what_to_do(string text, int offset, string suggestion)
    {
        Assert.False(Parser.TryParse(text, out _, out var error));
        Assert.Equal(offset, error!.Offset);
        Assert.Contains(suggestion, error.Suggestion, StringComparison.Ordinal);
    }

    private static void Compiles(string text)
    {
        FeedBench.ErrorsOf(FeedBench.Define(("v", text)));
        FeedBench.ErrorsOf(
            FeedBench.Define(("v", "count()")) with { Key = FeedBench.Text(text), Where = FeedBench.Text(text) });
    }
}
