using System.Globalization;

namespace AkkaFeeds.Definitions.Files;

/// <summary>The kinds of single values.</summary>
internal static class Kinds
{
    private const int TextCharactersMax = 4096;

    public static Kind<string> Text(string name, string example, string range = "") =>
        Checked(name, example, range, static _ => ("", ""));

    /// <summary>A text with a rule: the rule answers what is wrong, or an empty problem.</summary>
    public static Kind<string> Checked(
        string name, string example, string range, Func<string, (string Problem, string Suggestion)> rule) =>
        new TextKind<string>(
            (text, _) => text.Trim().Length == 0
                ? Parsed<string>.Bad("has no value", $"write {example}, or remove the line")
                : text.Length > TextCharactersMax
                    ? Parsed<string>.Bad($"is longer than {TextCharactersMax} characters", "shorten it")
                : text.Any(char.IsControl) ? Parsed<string>.Bad("holds a control character", "remove it")
                : rule(text) is { Problem.Length: > 0 } wrong ? Parsed<string>.Bad(wrong.Problem, wrong.Suggestion)
                : Parsed<string>.Good(text),
            static value => value)
        {
            Name = name, Example = example, Range = range,
        };

    public static Kind<string> OneOf(params string[] words) =>
        Checked("a word", words[0], string.Join(", ", words), text =>
            words.Contains(text) ? ("", "") : ("is none of the words that are possible", Suggest.For(text, words)));

    public static Kind<int> Whole(int min, int max)
    {
        var (low, high) = (Show(min), Show(max));
        return new TextKind<int>(
            (text, _) =>
                long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                ? value >= min && value <= max ? Parsed<int>.Good((int)value)
                    : Parsed<int>.Bad($"is not between {low} and {high}", $"write a whole number from {low} to {high}")
                : Parsed<int>.Bad("is not a whole number", $"write a whole number from {low} to {high}"),
            Show)
        {
            Name = "a whole number", Example = low, Range = $"{low} to {high}",
        };
    }

    public static Kind<TimeSpan> Duration(string min, string max, string example)
    {
        var (low, high) = (Units.ParseDuration(min)!.Value, Units.ParseDuration(max)!.Value);
        return new TextKind<TimeSpan>(
            (text, _) => Units.ParseDuration(text) is not { } value
                    ? Parsed<TimeSpan>.Bad(
                        "is not a duration", $"write a number with ms, s, m, h or d behind it, such as {example}")
                : value >= low && value <= high ? Parsed<TimeSpan>.Good(value)
                : Parsed<TimeSpan>.Bad($"is not between {min} and {max}", $"write a duration from {min} to {max}"),
            Units.ShowDuration)
        {
            Name = "a duration", Example = example, Range = $"{min} to {max}", Unit = "ms s m h d",
        };
    }

    public static Kind<long> Size(string min, string max, string example)
    {
        var (low, high) = (Units.ParseSize(min)!.Value, Units.ParseSize(max)!.Value);
        return new TextKind<long>(
            (text, _) => Units.ParseSize(text) is not { } value
                    ? Parsed<long>.Bad("is not a size",
                        $"write bytes, or a number with KiB, MiB, GiB, KB, MB or GB, such as {example}")
                : value >= low && value <= high ? Parsed<long>.Good(value)
                : Parsed<long>.Bad($"is not between {min} and {max}", $"write a size from {min} to {max}"),
            Units.ShowSize)
        {
            Name = "a size", Example = example, Range = $"{min} to {max}", Unit = "bytes",
        };
    }

    private static string Show(int value) => value.ToString(CultureInfo.InvariantCulture);
}
