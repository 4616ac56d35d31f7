using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AkkaFeeds.Definitions.Expressions;

/// <summary>
/// Patterns have the syntax and the meaning of RE2, and the engine is .NET's: this makes one of the other. What RE2
/// does not know is refused, so that no pattern means something that nobody has written down.
/// </summary>
/// <remarks>
/// Only whether a pattern is found is asked. So groups need not capture, and lazy repetition is the same as greedy.
/// </remarks>
internal sealed partial class PatternTranslator
{
    private const int RepeatMax = 1_000;

    private readonly string pattern;
    private readonly StringBuilder output = new();
    private readonly Stack<Flags> groups = new();
    private readonly HashSet<string> names = [];
    private Flags flags;
    private int position;
    private string? problem;

    // Whether there is something for * to repeat.
    private bool isRepeatable;

    private PatternTranslator(string pattern)
    {
        this.pattern = pattern;
    }

    [Flags]
    private enum Flags
    {
        None = 0,
        IgnoreCase = 1,
        Lines = 2,
        DotIsAll = 4,
    }

    /// <summary>The pattern as .NET's engine takes it; false, and what is wrong, where it is none of RE2's.</summary>
    public static bool TryTranslate(string pattern, out string translated, out string problem)
    {
        var translator = new PatternTranslator(pattern);
        while (translator.position < pattern.Length && translator.problem is null)
        {
            translator.Next();
        }

        if (translator.groups.Count > 0)
        {
            translator.problem ??= "a ( is not closed";
        }

        translated = translator.output.ToString();
        problem = translator.problem ?? "";
        return translator.problem is null;
    }

    private void Next()
    {
        switch (pattern[position])
        {
            case '(':
                Open();
                break;
            case ')':
                Close();
                break;
            case '|':
                Emit("|", 1, false);
                break;
            case '*' or '+' or '?':
                Repeat(pattern.Substring(position, 1));
                break;
            case '{' when Counts().Match(pattern, position) is { Success: true } counts:
                RepeatCounted(counts);
                break;
            case '[':
                Class();
                break;
            case '.':
                var any = new PatternClass(false);
                if ((flags & Flags.DotIsAll) == 0)
                {
                    any.Add('\n', '\n');
                }

                Emit(any.ToText(true), 1);
                break;
            case '^':
                Emit((flags & Flags.Lines) != 0 ? "(?m:^)" : @"\A", 1);
                break;
            case '$':
                Emit((flags & Flags.Lines) != 0 ? "(?m:$)" : @"\z", 1);
                break;
            case '\\':
                Escape();
                break;
            default:
                Literal(Character());
                break;
        }
    }

    private void Emit(string text, int consumed, bool canBeRepeated = true)
    {
        output.Append(text);
        position += consumed;
        isRepeatable = canBeRepeated;
    }

    private void Open()
    {
        if (Follows("(?") && GroupFlags().Match(pattern, position) is { Success: true } changed)
        {
            SetFlags(changed);
            return;
        }

        var consumed = 1;
        if (Follows("(?"))
        {
            var named = GroupName().Match(pattern, position);
            if (!named.Success)
            {
                Unknown(Follows("(?<") || Follows("(?P") ? 4 : 3);
                return;
            }

            if (!names.Add(named.Groups[1].Value))
            {
                problem = $"{named.Groups[1].Value} names two groups";
                return;
            }

            consumed = named.Length;
        }

        groups.Push(flags);
        Emit("(?:", consumed, false);
    }

    // Of the flags only the one for letters' case is left to the engine, which has another $ and another dot.
    private void SetFlags(Match changed)
    {
        var isGroup = changed.Groups[3].Value == ":";
        if (isGroup)
        {
            groups.Push(flags);
        }

        flags |= ToFlags(changed.Groups[1].Value);
        flags &= ~ToFlags(changed.Groups[2].Value);
        var ignoresCase = (flags & Flags.IgnoreCase) != 0 ? "i" : "-i";
        Emit(isGroup ? $"(?{ignoresCase}:" : $"(?{ignoresCase})", changed.Length, false);
    }

    private static Flags ToFlags(string letters) =>
        (letters.Contains('i', StringComparison.Ordinal) ? Flags.IgnoreCase : Flags.None)
        | (letters.Contains('m', StringComparison.Ordinal) ? Flags.Lines : Flags.None)
        | (letters.Contains('s', StringComparison.Ordinal) ? Flags.DotIsAll : Flags.None);

    private void Close()
    {
        if (groups.TryPop(out var outer))
        {
            flags = outer;
            Emit(")", 1);
        }
        else
        {
            problem = "a ) closes nothing";
        }
    }

    private void RepeatCounted(Match counts)
    {
        var least = int.TryParse(counts.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var low) ? low
            : int.MaxValue;
        var most = counts.Groups[3].Length == 0 ? least
            : int.TryParse(counts.Groups[3].ValueSpan, CultureInfo.InvariantCulture, out var high) ? high
            : int.MaxValue;
        if (least > most || most > RepeatMax)
        {
            problem = $"{counts.Value} repeats {(least > most ? "from more to less" : "more than 1,000 times")}";
            return;
        }

        Repeat(counts.Value);
    }

    private void Repeat(string text)
    {
        if (!isRepeatable)
        {
            problem = $"{text} repeats nothing";
            return;
        }

        var isLazy = position + text.Length < pattern.Length && pattern[position + text.Length] == '?';
        Emit(text, text.Length + (isLazy ? 1 : 0), false);
    }

    private void Escape()
    {
        switch (position + 1 < pattern.Length ? pattern[position + 1] : default)
        {
            case 'A' or 'z' or 'b' or 'B':
                Emit(pattern.Substring(position, 2), 2);
                break;
            case 'Q':
                Quoted();
                break;
            default:
                var set = new PatternClass((flags & Flags.IgnoreCase) != 0);
                if (TryClassEscape(set))
                {
                    Emit(set.ToText(false), 0);
                }
                else if (problem is null)
                {
                    Literal(Character());
                }

                break;
        }
    }

    private void Quoted()
    {
        position += 2;
        var end = pattern.IndexOf(@"\E", position, StringComparison.Ordinal);
        var stop = end < 0 ? pattern.Length : end;
        while (position < stop)
        {
            Literal(Plain());
        }

        position = end < 0 ? stop : stop + 2;
    }

    private void Literal(int character)
    {
        if (problem is null)
        {
            Emit(character <= char.MaxValue ? PatternClass.Escaped(character) : PairOf(character), 0);
        }
    }

    // Two units of UTF-16 are one thing to repeat.
    private static string PairOf(int character) =>
        $"(?:{string.Concat(char.ConvertFromUtf32(character).Select(unit => PatternClass.Escaped(unit)))})";

    private void Class()
    {
        var set = new PatternClass((flags & Flags.IgnoreCase) != 0);
        position++;
        var isNegated = position < pattern.Length && pattern[position] == '^';
        position += isNegated ? 1 : 0;
        for (var isFirst = true; problem is null; isFirst = false)
        {
            if (position >= pattern.Length)
            {
                problem = "a [ is not closed";
            }
            else if (pattern[position] == ']' && !isFirst)
            {
                Emit(set.ToText(isNegated), 1);
                return;
            }
            else if (!TryNamedClass(set) && !TryClassEscape(set))
            {
                Range(set);
            }
        }
    }

    // [:digit:] or [:^digit:]; without its end it is no name, but characters.
    private bool TryNamedClass(PatternClass set)
    {
        var end = Follows("[:") ? pattern.IndexOf(":]", position + 2, StringComparison.Ordinal) : -1;
        if (end < 0)
        {
            return false;
        }

        var name = pattern[(position + 2)..end];
        var isNegated = name.StartsWith('^');
        if (!set.TryAddNamed(isNegated ? name[1..] : name, isNegated))
        {
            problem = $"[:{name}:] is not known";
        }

        position = end + 2;
        return true;
    }

    // \d and the like, \pL and \p{Lu}; in brackets and outside.
    private bool TryClassEscape(PatternClass set)
    {
        if (!Follows(@"\") || position + 1 == pattern.Length)
        {
            return false;
        }

        var letter = pattern[position + 1];
        if (letter is 'd' or 's' or 'w' or 'D' or 'S' or 'W')
        {
            set.TryAddNamed(char.ToLowerInvariant(letter).ToString(), char.IsUpper(letter));
            position += 2;
            return true;
        }

        if (letter is not ('p' or 'P'))
        {
            return false;
        }

        var category = Category().Match(pattern, position);
        var name = category.Groups[2].Value + category.Groups[3].Value;
        if (!category.Success || !set.TryAddCategory(name, letter == 'P' != category.Groups[1].Length > 0))
        {
            var text = category.Success ? category.Value : $@"\{letter}";
            problem = $@"{text} is not known; categories such as \pL and \p{{Lu}} are";
        }

        position += category.Length;
        return true;
    }

    private void Range(PatternClass set)
    {
        var start = position;
        var from = Character();
        var to = from;
        if (problem is null && Follows("-") && position + 1 < pattern.Length && pattern[position + 1] != ']')
        {
            position++;
            to = Character();
        }

        if (problem is not null)
        {
            return;
        }

        if (from > to)
        {
            problem = $"{pattern[start..position]} is no range";
        }
        else if (to > char.MaxValue)
        {
            problem = $"[ ] takes no characters beyond U+FFFF, such as {pattern[start..position]}; write (?:x|y)";
        }
        else
        {
            set.Add((char)from, (char)to);
        }
    }

    private bool Follows(string text) => pattern.AsSpan(position).StartsWith(text, StringComparison.Ordinal);

    private void Unknown(int length) =>
        problem = $"{pattern.AsSpan(position, Math.Min(length, pattern.Length - position))} is not known";

    [GeneratedRegex(@"\G\{([0-9]+)(,([0-9]*))?\}")]
    private static partial Regex Counts();

    [GeneratedRegex(@"\G\(\?([imsU]*)(-[imsU]+)?([:)])")]
    private static partial Regex GroupFlags();

    [GeneratedRegex(@"\G\(\?P?<([A-Za-z0-9_]+)>")]
    private static partial Regex GroupName();

    [GeneratedRegex(@"\G\\[pP](?:\{(\^?)([A-Za-z_]+)\}|([A-Z]))")]
    private static partial Regex Category();
}
