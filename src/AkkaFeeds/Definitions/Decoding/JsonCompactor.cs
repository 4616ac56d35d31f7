using System.Buffers;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Definitions.Decoding;

/// <summary>
/// Brings valid JSON into one form: no white space, strings escaped only where they must be, of members with one name
/// the last.
/// The result is never longer than the source.
/// </summary>
internal ref struct JsonCompactor
{
    // From this many members on, a set of hashes says first whether a name can be a second one.
    private const int MembersPlain = 32;

    private readonly ReadOnlySpan<byte> source;
    private readonly Span<byte> target;
    private int read;
    private int written;

    private JsonCompactor(ReadOnlySpan<byte> source, Span<byte> target)
    {
        this.source = source;
        this.target = target;
    }

    public static JsonValue Compact(ReadOnlySpan<byte> json)
    {
        var rented = ArrayPool<byte>.Shared.Rent(json.Length);
        try
        {
            var compactor = new JsonCompactor(json, rented);
            compactor.Element();
            return new JsonValue(rented.AsSpan(0, compactor.written).ToArray());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private void Element()
    {
        SkipSpace();
        switch (source[read])
        {
            case (byte)'{':
                Object();
                break;
            case (byte)'[':
                Array();
                break;
            case (byte)'"':
                String();
                break;
            default:
                while (read < source.Length && source[read] is not ((byte)',' or (byte)'}' or (byte)']' or <= 0x20))
                {
                    target[written++] = source[read++];
                }

                break;
        }
    }

    private void Array()
    {
        target[written++] = (byte)'[';
        read++;
        SkipSpace();
        while (source[read] != ']')
        {
            if (source[read] == ',')
            {
                target[written++] = source[read++];
            }

            Element();
            SkipSpace();
        }

        target[written++] = source[read++];
    }

    private void Object()
    {
        target[written++] = (byte)'{';
        read++;
        var members = new List<(int Start, int NameEnd)>();
        HashSet<ulong>? hashes = null;
        SkipSpace();
        while (source[read] != '}')
        {
            if (source[read] == ',')
            {
                read++;
                target[written++] = (byte)',';
                SkipSpace();
            }

            var start = written;
            String();
            var nameEnd = written;
            SkipSpace();
            target[written++] = source[read++];
            Element();
            SkipSpace();
            if (FindTwin(members, ref hashes, start, nameEnd) is var twin and >= 0)
            {
                Remove(members, twin, start, nameEnd);
            }
            else
            {
                members.Add((start, nameEnd));
            }
        }

        target[written++] = source[read++];
    }

    private readonly int FindTwin(
        List<(int Start, int NameEnd)> members, ref HashSet<ulong>? hashes, int start, int nameEnd)
    {
        var name = target[start..nameEnd];
        if (members.Count >= MembersPlain)
        {
            if (hashes is null)
            {
                hashes = [];
                foreach (var member in members)
                {
                    hashes.Add(StringCache.Hash(target[member.Start..member.NameEnd]));
                }
            }

            if (hashes.Add(StringCache.Hash(name)))
            {
                return -1;
            }
        }

        for (var index = 0; index < members.Count; index++)
        {
            if (name.SequenceEqual(target[members[index].Start..members[index].NameEnd]))
            {
                return index;
            }
        }

        return -1;
    }

    // Takes the earlier member and its comma out of what is written, and puts the newest one at the list's end.
    private void Remove(List<(int Start, int NameEnd)> members, int twin, int start, int nameEnd)
    {
        var from = members[twin].Start;
        var next = twin + 1 < members.Count ? members[twin + 1].Start : start;
        var cut = next - from;
        target[next..written].CopyTo(target[from..]);
        written -= cut;
        members.RemoveAt(twin);
        for (var index = twin; index < members.Count; index++)
        {
            members[index] = (members[index].Start - cut, members[index].NameEnd - cut);
        }

        members.Add((start - cut, nameEnd - cut));
    }

    private void String()
    {
        var start = ++read;
        var escaped = false;
        while (source[read] != '"')
        {
            var isEscape = source[read] == '\\';
            escaped |= isEscape;
            read += isEscape ? 2 : 1;
        }

        var text = source[start..read++];
        target[written++] = (byte)'"';
        if (!escaped)
        {
            text.CopyTo(target[written..]);
            written += text.Length;
        }
        else
        {
            foreach (var octet in JsonStrings.Unescape(text))
            {
                Escape(octet);
            }
        }

        target[written++] = (byte)'"';
    }

    private void Escape(byte octet)
    {
        var letter = octet switch
        {
            (byte)'"' or (byte)'\\' => octet,
            (byte)'\n' => (byte)'n',
            (byte)'\r' => (byte)'r',
            (byte)'\t' => (byte)'t',
            (byte)'\b' => (byte)'b',
            (byte)'\f' => (byte)'f',
            _ => (byte)0,
        };
        if (letter != 0)
        {
            target[written++] = (byte)'\\';
            target[written++] = letter;
        }
        else if (octet < 0x20)
        {
            "\\u00"u8.CopyTo(target[written..]);
            target[written + 4] = (byte)('0' + (octet >> 4));
            target[written + 5] = "0123456789abcdef"u8[octet & 15];
            written += 6;
        }
        else
        {
            target[written++] = octet;
        }
    }

    private void SkipSpace()
    {
        while (read < source.Length && source[read] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            read++;
        }
    }
}
