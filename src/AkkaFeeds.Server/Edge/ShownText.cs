using System.Globalization;
using System.Text;

namespace AkkaFeeds.Server.Edge;

/// <summary>
/// Input as it may stand in an error, a log line or a terminal: quoted, control and format characters (line breaks,
/// escape sequences, changes of writing direction) and lone surrogates as \uXXXX, cut at 80 characters.
/// </summary>
internal static class ShownText
{
    private const int CharactersMax = 80;

    public static string Quote(string input)
    {
        var shown = Escape(input.Length > CharactersMax ? input[..CharactersMax] : input);
        return input.Length > CharactersMax ? $"'{shown}...'" : $"'{shown}'";
    }

    /// <summary>The same without quotes and without a cut: for whole lines.</summary>
    public static string Escape(string input)
    {
        var text = new StringBuilder(input.Length);
        for (var index = 0; index < input.Length; index++)
        {
            var character = input[index];
            if (char.IsHighSurrogate(character) && index + 1 < input.Length && char.IsLowSurrogate(input[index + 1]))
            {
                text.Append(character).Append(input[++index]);
            }
            else if (IsUnseen(character))
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            }
            else
            {
                text.Append(character);
            }
        }

        return text.ToString();
    }

    private static bool IsUnseen(char character) => char.GetUnicodeCategory(character) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned;
}
