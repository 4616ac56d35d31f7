using System.Globalization;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Definitions.Decoding;

/// <summary>
/// One record of comma-separated values: text, quoted where it holds commas, quotes or line ends (RFC 4180). A field
/// that is
/// empty and not quoted is absent.
/// </summary>
internal sealed class CsvDecoder
{
    private readonly IReadOnlyList<string>? names;
    private readonly int[] targets;
    private readonly int root = -1;

    public CsvDecoder(IReadOnlyList<ColumnRef> columns, IReadOnlyList<string>? names)
    {
        this.names = names;
        var last = -1;
        var places = new Dictionary<int, int>();
        for (var column = 0; column < columns.Count; column++)
        {
            if (columns[column].Source == ColumnSource.Root)
            {
                root = column;
            }
            else if (columns[column].Source == ColumnSource.Field)
            {
                var place = ColumnOf(columns[column].Path[0], names);
                places[place] = column;
                last = Math.Max(last, place);
            }
        }

        targets = new int[last + 1];
        for (var place = 0; place <= last; place++)
        {
            targets[place] = places.GetValueOrDefault(place, -1);
        }
    }

    /// <summary>The place of a column from 0, or -1 where there is none: by its name, or c1, c2, ...</summary>
    public static int ColumnOf(string name, IReadOnlyList<string>? names)
    {
        if (names is not null)
        {
            for (var index = 0; index < names.Count; index++)
            {
                if (names[index] == name)
                {
                    return index;
                }
            }

            return -1;
        }

        return name.Length > 1 && name[0] == 'c' && name[1] != '0'
            && int.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number <= 4096
            ? number - 1
            : -1;
    }

    /// <summary>Reads the record; the problem where it is not one.</summary>
    public string? Read(ReadOnlySpan<byte> text, Span<Value> columns, StringCache strings)
    {
        text = text.EndsWith("\n"u8) ? text[..^1] : text;
        text = text.EndsWith("\r"u8) ? text[..^1] : text;
        var all = root < 0 ? null : new List<KeyValuePair<string, Value>>();
        for (var place = 0; ; place++)
        {
            var problem = Field(ref text, strings, out var value, out var more);
            if (problem is null && names is not null && place >= names.Count)
            {
                problem = $"more than the {names.Count} columns of the definition";
            }

            if (problem is not null)
            {
                return problem;
            }

            if (place < targets.Length && targets[place] >= 0)
            {
                columns[targets[place]] = value;
            }

            all?.Add(new(names is null ? $"c{place + 1}" : names[place], value));
            if (!more)
            {
                break;
            }
        }

        if (all is not null)
        {
            columns[root] = Expressions.JsonOps.Make(
                false, all.Select(pair => pair.Key).ToArray(), all.Select(pair => pair.Value).ToArray());
        }

        return null;
    }

    private static string? Field(ref ReadOnlySpan<byte> rest, StringCache strings, out Value value, out bool more)
    {
        value = default;
        more = false;
        if (!rest.StartsWith("\""u8))
        {
            var comma = rest.IndexOf((byte)',');
            var plain = comma < 0 ? rest : rest[..comma];
            if (plain.IndexOfAny((byte)'"', (byte)'\n', (byte)'\r') >= 0)
            {
                return "a quote or a line end in a field without quotes";
            }

            value = plain.IsEmpty ? default : Value.Of(strings.Get(plain));
            more = comma >= 0;
            rest = more ? rest[(comma + 1)..] : default;
            return null;
        }

        var end = 1;
        while (true)
        {
            var quote = rest[end..].IndexOf((byte)'"');
            if (quote < 0)
            {
                return "a quoted field without its end";
            }

            end += quote + 1;
            if (end >= rest.Length || rest[end] != '"')
            {
                break;
            }

            end++;
        }

        var content = rest[1..(end - 1)];
        value = content.Contains((byte)'"')
            ? Value.Of(strings.Get(content).Replace("\"\"", "\"", StringComparison.Ordinal))
            : Value.Of(strings.Get(content));
        rest = rest[end..];
        if (!rest.IsEmpty && rest[0] != ',')
        {
            return "text behind a quoted field";
        }

        more = !rest.IsEmpty;
        rest = more ? rest[1..] : rest;
        return null;
    }
}
