using System.Text.RegularExpressions;

namespace AkkaFeeds.Tests.Tidy;

/// <summary>Files under 400 lines, functions under 70, lines under 120 characters.</summary>
internal static partial class SizeRules
{
    public const int LinesPerFile = 400;
    public const int LinesPerFunction = 70;
    public const int CharactersPerLine = 120;
    public const int MedianLinesPerFile = 100;

    public static IEnumerable<Violation> Check(SourceFile file)
    {
        if (file.LineCount >= LinesPerFile)
        {
            yield return new(
                "file-lines", file.Path, file.LineCount, $"{file.LineCount} lines, not under {LinesPerFile}");
        }

        for (var index = 0; index < file.Lines.Length; index++)
        {
            var length = file.Lines[index].TrimEnd('\r').Length;
            if (length >= CharactersPerLine && !IsData(file, index))
            {
                yield return new(
                    "line-length", file.Path, index + 1, $"{length} characters, not under {CharactersPerLine}");
            }
        }

        foreach (var member in Outline.Of(file).Members.Where(member => member.Lines >= LinesPerFunction))
        {
            yield return new(
                "function-lines", file.Path, member.FirstLine, $"{member.Lines} lines, not under {LinesPerFunction}");
        }
    }

    /// <summary>
    /// A line of a raw string is data, whose line breaks mean something; and a literal alone on its line is a message
    /// that
    /// whoever meets it wants to find whole.
    /// </summary>
    private static bool IsData(SourceFile file, int index) =>
        LiteralAlone().IsMatch(file.Lines[index])
        || (string.IsNullOrWhiteSpace(file.CodeLines[index])
            && !file.Lines[index].TrimStart().StartsWith("//", StringComparison.Ordinal));

    [GeneratedRegex(@"^\s*(\+\s*)?[$@]*"".*""[\s,;)\]]*$")]
    private static partial Regex LiteralAlone();

    public static int Median(IEnumerable<SourceFile> files)
    {
        int[] counts = [.. files.Select(file => file.LineCount).Order()];
        return counts[counts.Length / 2];
    }
}
