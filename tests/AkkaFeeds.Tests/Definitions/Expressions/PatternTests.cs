using System.Text.Json;
using AkkaFeeds.Definitions;
using Xunit;

namespace AkkaFeeds.Tests.Definitions.Expressions;

public class PatternTests
{
    // What a pattern finds is what Go's regexp finds with the same syntax.
    [Theory]
    [InlineData("^a$", "a", true)]
    [InlineData("^a$", "a\n", false)]
    [InlineData("(?m)^a$", "b\na\n", true)]
    [InlineData("(?m:^a$)b|c$", "c\n", false)]
    [InlineData(@"\Aa\z", "a", true)]
    [InlineData(@"a\$", "a$", true)]
    [InlineData("[$]", "$", true)]
    [InlineData(@"^\d$", "5", true)]
    [InlineData(@"^\d$", "\u0665", false)]
    [InlineData(@"^\D$", "\u0665", true)]
    [InlineData(@"^\w$", "é", false)]
    [InlineData(@"^\w$", "_", true)]
    [InlineData(@"^\W$", "é", true)]
    [InlineData(@"\s", "\u00a0", false)]
    [InlineData(@"\s", "\v", false)]
    [InlineData(@"\s", "\f", true)]
    [InlineData(@"\S", "\v", true)]
    [InlineData(@"^[\d-]+$", "1-2", true)]
    [InlineData(@"^[\d-]+$", "\u0661", false)]
    [InlineData(@"^[^\d]$", "\u0661", true)]
    [InlineData(@"^[\D]$", "\u0661", true)]
    [InlineData(@"^[\W0]$", "0", true)]
    [InlineData(@"^[\W0]$", "1", false)]
    [InlineData(@"^[^\W0]$", "1", true)]
    [InlineData(@"^[\S]$", " ", false)]
    [InlineData(@"(?i)^[\W]$", "k", false)]
    [InlineData("(?P<year>2[0-9]{3})", "in 2024", true)]
    [InlineData("(?<year>2[0-9]{3})", "in 24", false)]
    [InlineData(@"^\pL+$", "aé", true)]
    [InlineData(@"^\PL$", "a", false)]
    [InlineData(@"^\p{Lu}[\pN\p{^L}]$", "A1", true)]
    [InlineData(@"^\p{^Lu}$", "A", false)]
    [InlineData("^[[:digit:]]+$", "12", true)]
    [InlineData("^[[:digit:]]+$", "d]", false)]
    [InlineData("^[[:alpha:]_[:digit:]]+$", "a_1", true)]
    [InlineData("^[^[:space:]]$", "\v", false)]
    [InlineData("^[[:^upper:]]$", "A", false)]
    [InlineData("^[[:^upper:]]$", "a", true)]
    [InlineData("^[]a]+$", "a]", true)]
    [InlineData("^[^]a]$", "]", false)]
    [InlineData("^[a-z-[b]]$", "a]", true)]
    [InlineData("^[a-z-[b]]$", "c", false)]
    public void Its_ends_and_classes_are_those_of_RE2(string pattern, string text, bool found) =>
        Finds(pattern, text, found);

    [Theory]
    [InlineData(@"^\x41\x{42}\101\t$", "ABA\t", true)]
    [InlineData(@"^\Qa.b*\E+$", "a.b**", true)]
    [InlineData(@"^\Qa.b", "axb", false)]
    [InlineData("^a{2}$", "aa", true)]
    [InlineData("^a{,2}$", "a{,2}", true)]
    [InlineData("^a{2,}?b??$", "aaa", true)]
    [InlineData("^(?:ab|cd)+$", "abcd", true)]
    [InlineData("(?i)^straße$", "STRAßE", true)]
    [InlineData("^a(?i:b)c$", "aBc", true)]
    [InlineData("^a(?i:b)c$", "aBC", false)]
    [InlineData("^a.b$", "a\nb", false)]
    [InlineData("(?s)^a.b$", "a\nb", true)]
    [InlineData("(?s)(?-s:^a.b$)", "a\nb", false)]
    [InlineData("(?U)^a+$", "aa", true)]
    [InlineData("^😀{2}$", "😀😀", true)]
    [InlineData(@"^\x{1F600}$", "😀", true)]
    [InlineData("^.$", "😀", true)]
    [InlineData("^[^a]$", "😀", true)]
    [InlineData(@"^\W$", "😀", true)]
    [InlineData("^[^a].$", "😀", false)]
    [InlineData("a # b", "a # b", true)]
    [InlineData("", "", true)]
    [InlineData("a||b", "", true)]
    [InlineData(@"\bé", "é", true)]
    [InlineData(@"a\Bb", "ab", true)]
    [InlineData("^*", "", true)]
    [InlineData("(?i)^k$", "\u212a", true)]
    [InlineData("(?i)^s$", "ſ", false)]
    public void Its_characters_and_groups_are_those_of_RE2(string pattern, string text, bool found) =>
        Finds(pattern, text, found);

    [Theory]
    [InlineData("(a", "( is not closed")]
    [InlineData("a)", ") closes nothing")]
    [InlineData("[a", "[ is not closed")]
    [InlineData("*a", "* repeats nothing")]
    [InlineData("a**", "* repeats nothing")]
    [InlineData("a|+", "+ repeats nothing")]
    [InlineData("(?i)*", "* repeats nothing")]
    [InlineData("a{2,1}", "{2,1} repeats")]
    [InlineData("a{1001}", "{1001} repeats")]
    [InlineData("a(?=b)", "(?= is not known")]
    [InlineData("(?!b)", "(?! is not known")]
    [InlineData("(?<=b)", "(?<= is not known")]
    [InlineData("(?<!b)", "(?<! is not known")]
    [InlineData("(?>b)", "(?> is not known")]
    [InlineData("(?#b)", "(?# is not known")]
    [InlineData("(?x)b", "(?x is not known")]
    [InlineData(@"(a)\1", @"\1 is not known")]
    [InlineData(@"\Z", @"\Z is not known")]
    [InlineData(@"\G", @"\G is not known")]
    [InlineData(@"\C", @"\C is not known")]
    [InlineData(@"\e", @"\e is not known")]
    [InlineData(@"\", "stands at the end")]
    [InlineData(@"[\b]", @"\b is not known")]
    [InlineData("[[:word_:]]", "[:word_:] is not known")]
    [InlineData("[z-a]", "z-a is no range")]
    [InlineData(@"[a-\d]", @"\d is not known")]
    [InlineData(@"\p{Greek}", @"\p{Greek} is not known")]
    [InlineData(@"\p{Xx}", @"\p{Xx} is not known")]
    [InlineData(@"\x{110000}", "is no character")]
    [InlineData(@"\x{d800}", "is no character")]
    [InlineData("[😀]", "beyond U+FFFF")]
    [InlineData("(?P<a>b)(?P<a>c)", "a names two groups")]
    [InlineData("(?P<a b>c)", "is not known")]
    public void What_is_no_pattern_is_refused_with_what_is_wrong(string pattern, string problem)
    {
        var errors = FeedBench.ErrorsOf(FeedBench.Define(("m", $"count(matches(x, r'''{pattern}'''))")));
        var error = Assert.Single(errors);
        Assert.StartsWith("not a pattern: ", error.Problem, StringComparison.Ordinal);
        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_is_searched_in_time_that_grows_with_its_length()
    {
        var bench = new FeedBench(FeedBench.Define(("m", "last(matches(x, '^(a|a|aa)+$'))")));
        Assert.Equal("applied", bench.Add($$"""{"x":"{{new string('a', 100_000)}}b"}"""));
        Assert.Equal("""{"m":false}""", bench.View());
    }

    // Releases before this one read patterns as .NET does: their views mean something else, and must not be
    // continued. Those of the feeds below were 09f82a35f4316b1c and 879c456ca74eb83e.
    [Fact]
    public void Only_feeds_that_use_patterns_have_a_new_hash()
    {
        static string HashOf(FeedDefinition definition) => new FeedBench(definition).Feed.Hash;
        Assert.Equal("69c0c37521018f20", HashOf(
            FeedBench.Define(("n", "count(x > 'matches')"), ("matches", "last(matches)"))));
        Assert.Equal("b01b88cc14b7e5b4", HashOf(
            FeedBench.Define(("n", "where(a.x, count(!(y ? x.matches('a') : z)))"))));
        Assert.Equal("0597d1fcbc55a849", HashOf(FeedBench.Define(("n", "count()")) with
        {
            Where = FeedBench.Text("{'a': [matches(x, 'a')]}['a'][0]"),
        }));
    }

    private static void Finds(string pattern, string text, bool found)
    {
        var bench = new FeedBench(FeedBench.Define(("m", $"last(matches(x, r'''{pattern}'''))")));
        Assert.Equal("applied", bench.Add(JsonSerializer.Serialize(new { x = text })));
        Assert.Equal(found ? """{"m":true}""" : """{"m":false}""", bench.View());
    }
}
