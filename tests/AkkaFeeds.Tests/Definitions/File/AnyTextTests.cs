using AkkaFeeds.Definitions.Files;
using CsCheck;
using Xunit;

namespace AkkaFeeds.Tests.Definitions.Files;

/// <summary>Whatever a file holds, it is answered with options or with errors, one line each.</summary>
public sealed class AnyTextTests
{
    private static readonly Gen<string> Piece = Gen.Frequency(
        (6, OneOf(
            "kafka", "brokers", "feeds", "f", "from", "topic", "view", "n", "notify", "properties", "sasl.password",
            "store",
            "sqlite:", "postgres:Password='", "http", "urls", "flush", "count()", "embedded", "10m", "64MiB")),
        (6, OneOf(
            ":", ": ", "\n", "\n  ", "\n    ", "- ", "{", "}", "[", "]", ",", "\"", "'", "#", " #", "!", "&a", "*a",
            "|", ">", "?",
            "<<", "%", "@", "`", "---", "...", "\t", "\r\n", "\u0085", "\u2028", "\ufeff", "\0", "\u0001", "\ud800",
            "\\", "~")),
        (2, Gen.String));

    [Fact]
    public void Any_pieces_of_yaml_are_read_or_refused() =>
        Piece.Array[0, 40].Select(string.Concat).Sample(text => AssertAnswered(text, [], []), iter: 600);

    [Fact]
    public void A_good_file_with_any_damage_is_read_or_refused() =>
        Gen.Select(Gen.Int[0, Section4.Text.Length], Gen.Int[0, 12], Piece).Sample(
            (start, count, piece) =>
            {
                var end = Math.Min(start + count, Section4.Text.Length);
                AssertAnswered(
                    string.Concat(Section4.Text.AsSpan(0, start), piece, Section4.Text.AsSpan(end)), [], []);
            },
            iter: 300);

    [Fact]
    public void Any_override_is_taken_or_refused() =>
        Gen.Select(Piece.Array[0, 6], Piece.Array[0, 4]).Sample(
            (words, value) =>
            {
                var text = string.Concat(value);
                AssertAnswered(
                    Section4.Text, new() { ["AKKAFEEDS__" + string.Join("__", words)] = text },
                    [(string.Join('.', words), text)]);
            },
            iter: 200);

    private static Gen<string> OneOf(params string[] words) =>
        Gen.Int[0, words.Length - 1].Select(index => words[index]);

    private static void AssertAnswered(string text, Dictionary<string, string> variables, (string, string)[] sets)
    {
        var (options, errors) = FeedsFile.Parse(text, "a.yaml", "/folder", variables, sets);
        Assert.Equal(errors.Count > 0, options is null);
        Assert.All(errors, error => Assert.DoesNotContain('\n', error.ToString()));
        Assert.All(errors, error => Assert.All(
            [error.File, error.Field, error.Value, error.Problem, error.Suggestion], part =>
                Assert.NotEqual("", part)));
        Assert.All(errors, error => Assert.Equal(error.File == "a.yaml", error is { Line: > 0, Column: > 0 }));
    }
}
