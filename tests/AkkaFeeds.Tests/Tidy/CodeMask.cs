namespace AkkaFeeds.Tests.Tidy;

/// <summary>
/// Blanks comments, strings and characters, so that a rule about code does not trip over prose. What stands in the
/// holes of an
/// interpolated string is code and stays, without the holes' braces, which would upset a reader that counts braces.
/// </summary>
internal sealed class CodeMask
{
    private readonly string text;
    private readonly char[] masked;
    private int at;

    private CodeMask(string text)
    {
        this.text = text;
        masked = text.ToCharArray();
    }

    public static string Apply(string text)
    {
        var mask = new CodeMask(text);
        mask.Code(inHole: false);
        return new string(mask.masked);
    }

    private char Peek(int ahead = 0) => at + ahead < text.Length ? text[at + ahead] : '\0';

    private void Blank(int count = 1)
    {
        for (var end = Math.Min(at + count, text.Length); at < end; at++)
        {
            if (text[at] != '\n')
            {
                masked[at] = ' ';
            }
        }
    }

    /// <summary>Reads code up to the end of the text, or of the hole that it fills.</summary>
    private void Code(bool inHole)
    {
        var depth = 0;
        while (at < text.Length)
        {
            switch (Peek())
            {
                case '/' when Peek(1) == '/':
                    BlankTo("\n");
                    break;
                case '/' when Peek(1) == '*':
                    Blank(2);
                    BlankTo("*/");
                    Blank(2);
                    break;
                case '\'':
                    Character();
                    break;
                case '"' or '$' or '@' when TryString():
                    break;
                case '}' when inHole && depth == 0:
                    return;
                case var other:
                    depth += other switch { '{' => 1, '}' => -1, _ => 0 };
                    at++;
                    break;
            }
        }
    }

    private void BlankTo(string end)
    {
        var index = text.IndexOf(end, at, StringComparison.Ordinal);
        Blank((index < 0 ? text.Length : index) - at);
    }

    private void Character()
    {
        Blank();
        while (at < text.Length && Peek() is not ('\'' or '\n'))
        {
            Blank(Peek() == '\\' ? 2 : 1);
        }

        Blank();
    }

    private bool TryString()
    {
        var start = at;
        var dollars = 0;
        var verbatim = false;
        for (; Peek() is '$' or '@'; at++)
        {
            dollars += Peek() == '$' ? 1 : 0;
            verbatim |= Peek() == '@';
        }

        if (Peek() != '"')
        {
            at = start + 1;
            return true;
        }

        var quotes = 0;
        while (Peek(quotes) == '"')
        {
            quotes++;
        }

        if (!verbatim && quotes >= 3)
        {
            Blank(quotes);
            BlankTo(new string('"', quotes));
            Blank(quotes);
            return true;
        }

        Blank();
        Body(verbatim, interpolated: dollars > 0);
        return true;
    }

    private void Body(bool verbatim, bool interpolated)
    {
        while (at < text.Length)
        {
            switch (Peek())
            {
                case '"' when verbatim && Peek(1) == '"':
                case '\\' when !verbatim:
                case '{' when interpolated && Peek(1) == '{':
                    Blank(2);
                    break;
                case '"':
                    Blank();
                    return;
                case '{' when interpolated:
                    Blank();
                    Code(inHole: true);
                    Blank();
                    break;
                default:
                    Blank();
                    break;
            }
        }
    }
}
