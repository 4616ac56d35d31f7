using System.Runtime.CompilerServices;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Expressions;

namespace AkkaFeeds.Definitions.Decoding;

/// <summary>
/// Reads one JSON text once: checks all of it against RFC 8259 and keeps only the fields in use. What is skipped is
/// neither
/// converted nor allocated. The caller has checked that the bytes are well-formed UTF-8.
/// </summary>
internal ref struct JsonScanner(ReadOnlySpan<byte> data, Span<Value> columns, StringCache strings)
{
    /// <summary>The deepest nesting, as in System.Text.Json.</summary>
    public const int DepthMax = 64;

    private readonly ReadOnlySpan<byte> data = data;
    private readonly Span<Value> columns = columns;
    private int position;

    /// <summary>Where the scan stands; where it failed, if it did.</summary>
    public readonly int Position => position;

    /// <summary>Reads the record; false where it is not JSON or not an object.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryRead(FieldNode root)
    {
        SkipSpace();
        if (Peek() != '{' || !Object(root, 1))
        {
            return false;
        }

        SkipSpace();
        return position == data.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Element(FieldNode? node, int depth)
    {
        if (node is not null && node.HasChildren)
        {
            Clear(node);
        }

        var start = position;
        switch (Peek())
        {
            case '"':
                return Text(node);
            case '{':
                return Object(node, depth);
            case '[':
                return Array(depth) && Keep(node, start);
            case 't':
                return Word("true"u8) && Keep(node, Value.Of(true));
            case 'f':
                return Word("false"u8) && Keep(node, Value.Of(false));
            case 'n':
                return Word("null"u8) && Keep(node, Value.Null);
            default:
                return Number(node);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Object(FieldNode? node, int depth)
    {
        if (depth > DepthMax)
        {
            return false;
        }

        var start = position++;
        var children = node is { HasChildren: true } ? node : null;
        SkipSpace();
        if (Peek() == '}')
        {
            position++;
            return Keep(node, start);
        }

        for (var place = 0; ; place++)
        {
            FieldNode? child = null;
            if (children is not null && children.TryExpected(place, data[position..], out child, out var length))
            {
                position += length;
            }
            else if (!Name(children, place, out child))
            {
                return false;
            }

            SkipSpace();
            if (!Element(child, depth + 1))
            {
                return false;
            }

            SkipSpace();
            var next = Peek();
            position++;
            if (next == '}')
            {
                return Keep(node, start);
            }

            if (next != ',')
            {
                return false;
            }

            SkipSpace();
        }
    }

    // A member's name and its colon.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Name(FieldNode? parent, int place, out FieldNode? child)
    {
        child = null;
        var begin = position;
        if (Peek() != '"' || !String(out var first, out var end, out var escaped))
        {
            return false;
        }

        SkipSpace();
        if (Peek() != ':')
        {
            return false;
        }

        position++;
        if (parent is not null)
        {
            child = parent.Find(escaped ? JsonStrings.Unescape(data[first..end]) : data[first..end]);
            parent.Expect(place, data[begin..position], child);
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Array(int depth)
    {
        if (depth > DepthMax)
        {
            return false;
        }

        position++;
        SkipSpace();
        if (Peek() == ']')
        {
            position++;
            return true;
        }

        while (true)
        {
            if (!Element(null, depth + 1))
            {
                return false;
            }

            SkipSpace();
            var next = Peek();
            position++;
            if (next == ']')
            {
                return true;
            }

            if (next != ',')
            {
                return false;
            }

            SkipSpace();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Text(FieldNode? node)
    {
        if (!String(out var start, out var end, out var escaped))
        {
            return false;
        }

        if (node is { Column: >= 0 })
        {
            var utf8 = escaped ? JsonStrings.Unescape(data[start..end]) : data[start..end];
            columns[node.Column] = node.IsTime && Times.TryParse(utf8, out var time)
                ? Value.Time(time)
                : Value.Of(strings.Get(utf8));
        }

        return true;
    }

    // The bytes between the quotes; whether there is an escape among them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool String(out int start, out int end, out bool escaped)
    {
        start = ++position;
        end = start;
        escaped = false;
        while (true)
        {
            position += JsonStrings.PlainLength(data[position..]);
            if ((uint)position >= (uint)data.Length)
            {
                return false;
            }

            var special = data[position];
            if (special == '"')
            {
                end = position++;
                return true;
            }

            if (special != '\\' || !Escape())
            {
                return false;
            }

            escaped = true;
        }
    }

    private bool Escape()
    {
        position++;
        var letter = Peek();
        position++;
        switch (letter)
        {
            case '"' or '\\' or '/' or 'b' or 'f' or 'n' or 'r' or 't':
                return true;
            case 'u':
                for (var count = 0; count < 4; count++, position++)
                {
                    if (!char.IsAsciiHexDigit((char)Math.Max(Peek(), 0)))
                    {
                        return false;
                    }
                }

                return true;
            default:
                return false;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Number(FieldNode? node)
    {
        var start = position;
        var negative = Peek() == '-';
        position += negative ? 1 : 0;
        var digits = position;
        var magnitude = 0UL;
        while ((uint)(Peek() - '0') <= 9)
        {
            magnitude = unchecked((magnitude * 10) + (ulong)(data[position] - '0'));
            position++;
        }

        var count = position - digits;
        if (count == 0 || (count > 1 && data[digits] == '0'))
        {
            return false;
        }

        var whole = true;
        if (Peek() == '.')
        {
            whole = false;
            position++;
            if (!Digits())
            {
                return false;
            }
        }

        if (Peek() is 'e' or 'E')
        {
            whole = false;
            position++;
            position += Peek() is '+' or '-' ? 1 : 0;
            if (!Digits())
            {
                return false;
            }
        }

        if (node is not { Column: >= 0 })
        {
            return true;
        }

        // Eighteen digits always fit; beyond them the exact reader decides.
        if (whole && count <= 18)
        {
            return Keep(node, Value.Of(negative ? -(long)magnitude : (long)magnitude));
        }

        Numbers.TryRead(data[start..position], out var value);
        return Keep(node, value);
    }

    private bool Digits()
    {
        var start = position;
        while ((uint)(Peek() - '0') <= 9)
        {
            position++;
        }

        return position > start;
    }

    private bool Word(ReadOnlySpan<byte> word)
    {
        if (!data[position..].StartsWith(word))
        {
            return false;
        }

        position += word.Length;
        return true;
    }

    private readonly bool Keep(FieldNode? node, Value value)
    {
        if (node is { Column: >= 0 })
        {
            columns[node.Column] = value;
        }

        return true;
    }

    private readonly bool Keep(FieldNode? node, int start)
    {
        if (node is { Column: >= 0 })
        {
            columns[node.Column] = Value.Of(JsonCompactor.Compact(data[start..position]));
        }

        return true;
    }

    // The last of several members with one name counts, whole: what an earlier one put below it goes.
    private readonly void Clear(FieldNode node)
    {
        foreach (var column in node.Below)
        {
            columns[column] = default;
        }
    }

    // Producers seldom write space: the test for it stands in each caller, the loop in one place.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipSpace()
    {
        if ((uint)position < (uint)data.Length && data[position] <= ' ')
        {
            SkipSpaces();
        }
    }

    private void SkipSpaces()
    {
        while ((uint)position < (uint)data.Length
            && data[position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            position++;
        }
    }

    private readonly int Peek() => (uint)position < (uint)data.Length ? data[position] : -1;
}
