using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace AkkaFeeds.Definitions.Expressions;

/// <summary>
/// Instants in Unix milliseconds and their text: RFC 3339, shown in UTC with three decimals; spans of time and
/// theirs.
/// </summary>
internal static class Times
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>0001-01-01T00:00:00.000Z.</summary>
    public const long Least = -62135596800000;

    /// <summary>9999-12-31T23:59:59.999Z.</summary>
    public const long Greatest = 253402300799999;

    /// <summary>How many bytes an instant's text has.</summary>
    public const int TextLength = 24;

    /// <summary>Whether the instant has a text.</summary>
    public static bool IsInRange(long unixMilliseconds) => unixMilliseconds is >= Least and <= Greatest;

    /// <summary>Writes <c>2001-01-01T00:47:00.000Z</c>.</summary>
    public static void Format(long unixMilliseconds, Span<byte> text)
    {
        var time = DateTime.UnixEpoch.AddTicks(unixMilliseconds * TimeSpan.TicksPerMillisecond);
        time.TryFormat(text, out _, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
    }

    public static string Format(long unixMilliseconds)
    {
        Span<byte> text = stackalloc byte[TextLength];
        Format(unixMilliseconds, text);
        return Encoding.ASCII.GetString(text);
    }

    /// <summary>
    /// Reads RFC 3339: a date, T or t or a space, a time with seconds, any fraction (cut to milliseconds), Z or an
    /// offset.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryParse(ReadOnlySpan<char> text, out long unixMilliseconds)
    {
        unixMilliseconds = 0;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or 't' or ' ')
            || text[13] != ':' || text[16] != ':')
        {
            return false;
        }

        if (!Digits(text[..4], out var year) || !Digits(text[5..7], out var month) || !Digits(text[8..10], out var day)
            || !Digits(text[11..13], out var hour) || !Digits(text[14..16], out var minute)
            || !Digits(text[17..19], out var second))
        {
            return false;
        }

        // A leap second (60) is the instant that follows.
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 60)
        {
            return false;
        }

        if (!Fraction(text[19..], out var milliseconds, out var zone) || !Zone(zone, out var offsetMinutes))
        {
            return false;
        }

        var days = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc).Ticks / TimeSpan.TicksPerDay - 719162;
        unixMilliseconds =
            (((((days * 24) + hour) * 60) + minute - offsetMinutes) * 60 + second) * 1000 + milliseconds;
        return IsInRange(unixMilliseconds);
    }

    /// <summary>
    /// Reads RFC 3339 from UTF-8, without a string. A text of more than 40 bytes is left to the other form.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out long unixMilliseconds)
    {
        unixMilliseconds = 0;
        Span<char> text = stackalloc char[40];
        return utf8.Length <= text.Length
            && Ascii.ToUtf16(utf8, text, out var length) == OperationStatus.Done
            && TryParse(text[..length], out unixMilliseconds);
    }

    /// <summary>
    /// Reads CEL's durations: <c>1h30m</c>, <c>-1.5s</c>, with <c>d h m s ms us ns</c>, cut to milliseconds.
    /// </summary>
    public static bool TryParseDuration(ReadOnlySpan<char> text, out long milliseconds)
    {
        milliseconds = 0;
        var negative = text.StartsWith("-");
        text = negative || text.StartsWith("+") ? text[1..] : text;
        if (text.IsEmpty || text.Length > 64)
        {
            return false;
        }

        var total = 0m;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0 || !decimal.TryParse(
                text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            text = text[digits..];
            var letters = text.IndexOfAny(NumberCharacters);
            var unit = letters < 0 ? text : text[..letters];
            text = text[unit.Length..];
            var scale = unit switch
            {
                "d" => 86400000m,
                "h" => 3600000m,
                "m" => 60000m,
                "s" => 1000m,
                "ms" => 1m,
                "us" => 0.001m,
                "ns" => 0.000001m,
                _ => 0m,
            };
            if (scale == 0m || number > 1e15m)
            {
                return false;
            }

            total += number * scale;
        }

        if (total > 1e15m)
        {
            return false;
        }

        milliseconds = (long)(negative ? -total : total);
        return true;
    }

    /// <summary>
    /// The text of a duration: seconds with what fraction there is, as CEL writes it: <c>5400s</c>, <c>1.5s</c>.
    /// </summary>
    public static string FormatDuration(long milliseconds) =>
        (milliseconds / 1000m).ToString("0.###", CultureInfo.InvariantCulture) + "s";

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Fraction(ReadOnlySpan<char> text, out int milliseconds, out ReadOnlySpan<char> rest)
    {
        milliseconds = 0;
        rest = text;
        if (text[0] != '.')
        {
            return true;
        }

        var end = text[1..].IndexOfAnyExceptInRange('0', '9') + 1;
        if (end <= 1)
        {
            return false;
        }

        for (var index = 1; index <= 3; index++)
        {
            milliseconds = (milliseconds * 10) + (index < end ? text[index] - '0' : 0);
        }

        rest = text[end..];
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Zone(ReadOnlySpan<char> text, out int minutes)
    {
        minutes = 0;
        if (text is "Z" or "z")
        {
            return true;
        }

        if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':'
            || !Digits(text[1..3], out var hours) || !Digits(text[4..6], out var rest) || hours > 23 || rest > 59)
        {
            return false;
        }

        minutes = (hours * 60) + rest;
        minutes = text[0] == '-' ? -minutes : minutes;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Digits(ReadOnlySpan<char> text, out int number)
    {
        number = 0;
        foreach (var character in text)
        {
            var digit = (uint)(character - '0');
            if (digit > 9)
            {
                return false;
            }

            number = (number * 10) + (int)digit;
        }

        return true;
    }
}
