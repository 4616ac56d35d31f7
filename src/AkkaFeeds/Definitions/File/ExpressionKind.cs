namespace AkkaFeeds.Definitions.Files;

/// <summary>An expression: kept as text, with care that it is the text that was meant.</summary>
internal sealed class ExpressionKind : Kind<SourceText>
{
    private const int QuotedCharactersMax = 60;

    /// <inheritdoc/>
    public override bool TryRead(YamlNode node, string path, ReadScope scope, out SourceText value)
    {
        value = null!;
        if (Trouble(node) is { } problem)
        {
            scope.Refuse(node, path, problem, Quote(node));
            return false;
        }

        if (Scalar(node, path, scope) is not { } scalar)
        {
            return false;
        }

        if (string.IsNullOrWhiteSpace(scalar.Text))
        {
            scope.Refuse(node, path, "has no value", $"write {Example}, or remove the line");
            return false;
        }

        var place = scalar.TextPlace;
        value = new SourceText(scalar.Text.TrimEnd(), path, place.Line, place.Column) { Origin = place.Origin };
        return true;
    }

    /// <inheritdoc/>
    public override string Show(SourceText value) => value.Text;

    private static string? Trouble(YamlNode node) => node.Misread switch
    {
        Misread.Tag => "YAML reads the leading ! as a tag",
        Misread.Anchor => "YAML reads the leading & as an anchor",
        Misread.Alias => "YAML reads the leading * as an alias",
        Misread.Comment => "YAML reads the space and # as a comment and cuts the expression off",
        Misread.Comma => "YAML ends the text at the comma or bracket",
        Misread.Syntax => Broken(node.Raw),
        _ when node is MapNode => "YAML reads it as a mapping",
        _ when node is ListNode => "YAML reads it as a list",
        _ => null,
    };

    private static string Broken(string raw) => raw[0] switch
    {
        '"' or '\'' => "YAML takes the leading quote for a quote of its own",
        '!' => "YAML reads the leading ! as a tag",
        '&' => "YAML reads the leading & as an anchor",
        '*' => "YAML reads the leading * as an alias",
        '|' or '>' or '%' or '@' or '`' or '[' or '{' or ']' or '}' or ',' or '?' or '-' =>
            $"YAML takes the leading {raw[0]} for a sign of its own",
        _ when raw.Contains(" #", StringComparison.Ordinal) =>
            "YAML reads the space and # as a comment and cuts the expression off",
        _ => "YAML takes the colon for the end of a key",
    };

    // A block mapping cannot be quoted as it stands; what is long is not repeated.
    private static string Quote(YamlNode node)
    {
        var raw = node.Raw;
        var isWhole = (node is ScalarNode && node.Misread != Misread.Comma) || raw.StartsWith('{')
            || raw.StartsWith('[');
        return isWhole && raw.Length <= QuotedCharactersMax
            ? $"quote it: '{raw.Replace("'", "''", StringComparison.Ordinal)}'"
            : "quote it";
    }
}
