using System.Text.RegularExpressions;

namespace AkkaFeeds.Definitions.Files;

/// <summary>
/// The lines of the file, and the repair of those that YAML cannot read. An expression with a leading quote, a <c>:
/// </c> or a
/// stray indicator ends YAML's reading of the whole file; so that all errors appear at once, such a value is replaced
/// by a
/// place-holder, remembered, and refused when its field is reached.
/// </summary>
internal sealed partial class YamlText
{
    private const int RepairsMax = 64;
    private const string PlaceHolder = "''";
    private readonly string[] lines;
    private readonly SortedDictionary<int, (string Raw, int Column, string Key)> broken = [];

    public YamlText(string file, string text)
    {
        File = file;
        lines = LineBreak().Split(text);
    }

    /// <summary>The file as the user named it.</summary>
    public string File { get; }

    /// <summary>The text with place-holders in the place of what YAML cannot read.</summary>
    public string Current => string.Join('\n', lines);

    /// <summary>The values that were replaced.</summary>
    public IEnumerable<(Place Place, string Raw, string Key)> Broken =>
        broken.Select(pair => (new Place(File, pair.Key, pair.Value.Column), pair.Value.Raw, pair.Value.Key));

    /// <summary>What was replaced at a place; null where the text is the user's own.</summary>
    public string? BrokenAt(Place place) =>
        broken.TryGetValue(place.Line, out var found) && found.Column == place.Column ? found.Raw : null;

    /// <summary>The rest of a line from a column on, from 1.</summary>
    public string Rest(long line, long column)
    {
        var text = Line(line);
        return column - 1 < text.Length && column > 0 ? text[(int)(column - 1)..].TrimEnd() : "";
    }

    /// <summary>A whole line, from 1; empty outside of the file.</summary>
    public string Line(long line) => line >= 1 && line <= lines.Length ? lines[line - 1] : "";

    /// <summary>The column, from 1, where the text of a line starts.</summary>
    public int Indentation(long line) => Line(line) is var text ? text.Length - text.TrimStart().Length + 1 : 1;

    /// <summary>A whole line as the user wrote it.</summary>
    public string Original(long line) =>
        broken.TryGetValue((int)line, out var found) ? Line(line)[..(found.Column - 1)] + found.Raw : Line(line);

    /// <summary>Repairs the first of the lines whose value explains an error; false where none does.</summary>
    /// <param name="at">Where the error starts: a value that stands behind it on its line is not to blame.</param>
    /// <param name="candidates">The lines to look at, the likeliest first.</param>
    public bool TryRepair(Place at, params ReadOnlySpan<long> candidates)
    {
        if (broken.Count >= RepairsMax)
        {
            return false;
        }

        foreach (var line in candidates)
        {
            var match = KeyAndValue().Match(Line(line));
            var head = match.Groups["head"].Value;
            var value = match.Groups["value"].Value.TrimEnd();
            var isInnocent = line == at.Line && at.Column <= head.Length;
            if (!match.Success || isInnocent || broken.ContainsKey((int)line) || !IsSuspicious(value))
            {
                continue;
            }

            broken.Add((int)line, (value, head.Length + 1, match.Groups["key"].Value.Trim('"', '\'', ' ')));
            lines[line - 1] = head + PlaceHolder;
            return true;
        }

        return false;
    }

    /// <summary>
    /// Whether a text stops in the middle of an expression: in a string, in brackets, behind an operator.
    /// </summary>
    public static bool IsCutOff(string text)
    {
        var depth = 0;
        var quote = '\0';
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (quote != '\0')
            {
                index += character == '\\' ? 1 : 0;
                quote = character == quote ? '\0' : quote;
                continue;
            }

            quote = character is '"' or '\'' ? character : '\0';
            depth += character is '(' or '[' or '{' ? 1 : character is ')' or ']' or '}' ? -1 : 0;
        }

        return quote != '\0' || depth > 0 || TrailingOperator().IsMatch(text);
    }

    // A value that YAML does read is never touched: each branch names a form that ends YAML's reading of a file.
    private static bool IsSuspicious(string value) => value[0] switch
    {
        '"' or '\'' => !WholeQuoted().IsMatch(value),
        '|' or '>' => !BlockHeader().IsMatch(value),
        '!' or '&' or '*' or '%' or '@' or '`' or '[' or '{' or ']' or '}' or ',' or '?' or '-' => true,
        _ => InnerMapping().IsMatch(value) || (CommentStart().Match(value) is { Success: true } comment
            && IsCutOff(value[..comment.Index].TrimEnd())),
    };

    // The same line breaks as YamlDotNet's, so that its line numbers fit.
    [GeneratedRegex("\r\n|[\r\n\u0085\u2028\u2029]")]
    private static partial Regex LineBreak();

    [GeneratedRegex(
        @"^(?<head>\s*(- +)*(?<key>""[^""]*""|'[^']*'|[^\s:#""'][^:#]*):\s+)(?<value>[^\s#].*)$",
        RegexOptions.NonBacktracking)]
    private static partial Regex KeyAndValue();

    [GeneratedRegex("""^("([^"\\]|\\.)*"|'([^']|'')*')\s*(#.*)?$""", RegexOptions.NonBacktracking)]
    private static partial Regex WholeQuoted();

    [GeneratedRegex(@"^[|>][-+0-9]{0,2}\s*(#.*)?$", RegexOptions.NonBacktracking)]
    private static partial Regex BlockHeader();

    [GeneratedRegex(@":(\s|$)", RegexOptions.NonBacktracking)]
    private static partial Regex InnerMapping();

    [GeneratedRegex(@"\s#", RegexOptions.NonBacktracking)]
    private static partial Regex CommentStart();

    [GeneratedRegex(@"(&&|\|\||[-=<>+*/%?:,!.])$", RegexOptions.NonBacktracking)]
    private static partial Regex TrailingOperator();
}
