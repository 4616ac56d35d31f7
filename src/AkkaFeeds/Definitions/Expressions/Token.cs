namespace AkkaFeeds.Definitions.Expressions;

internal enum TokenKind : byte
{
    End,
    Name,
    Meta,
    Literal,
    Symbol,
    In,
}

/// <summary>
/// One word of an expression: its kind, its text (a name or a symbol) or value (a literal), and where it stands.
/// </summary>
internal readonly record struct Token(TokenKind Kind, string Text, Contracts.Value Value, int Start, int End)
{
    /// <summary>Whether this is the symbol <paramref name="text"/>.</summary>
    public bool Is(string text) => Kind == TokenKind.Symbol && Text == text;
}
