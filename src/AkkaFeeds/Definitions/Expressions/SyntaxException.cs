namespace AkkaFeeds.Definitions.Expressions;

/// <summary>Ends the reading of one expression; it never leaves <see cref="Parser.TryParse"/>.</summary>
internal sealed class SyntaxException : Exception
{
    public SyntaxException(int offset, string message, string suggestion)
        : base(message)
    {
        Offset = offset;
        Suggestion = suggestion;
    }

    public SyntaxException()
        : this(0, "not an expression", "see docs/language.md")
    {
    }

    public SyntaxException(string message)
        : this(0, message, "see docs/language.md")
    {
    }

    public SyntaxException(string message, Exception innerException)
        : base(message, innerException)
    {
        Suggestion = "see docs/language.md";
    }

    /// <summary>Where in the text, from 0.</summary>
    public int Offset { get; }

    /// <summary>The way out.</summary>
    public string Suggestion { get; }
}
