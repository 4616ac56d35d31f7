using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
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

    // So that nobody can choose names whose hashes meet in one place of the set.
    private static readonly ulong Salt = (ulong)Random.Shared.NextInt64() | 1;

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
        var hasTwins = false;
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
            hasTwins = hasTwins || MayHaveTwin(members, ref hashes, start, nameEnd);
            members.Add((start, nameEnd));
        }

        if (hasTwins)
        {
            RemoveTwins(members);
        }

        target[written++] = source[read++];
    }

    // One hash that is there twice is enough: whether the names are the same is seen when the object has ended.
    private readonly bool MayHaveTwin(
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
                    hashes.Add(StringCache.Hash(target[member.Start..member.NameEnd]) * Salt);
                }
            }

            return !hashes.Add(StringCache.Hash(name) * Salt);
        }

        foreach (ref readonly var member in CollectionsMarshal.AsSpan(members))
        {
            if (name.SequenceEqual(target[member.Start..member.NameEnd]))
            {
                return true;
            }
        }

        return false;
    }

    // Of the members with one name the last stays, where it stands. All are looked at and moved once, however many of
    // them there are: a record may be full of them.
    private void RemoveTwins(List<(int Start, int NameEnd)> members)
    {
        var names = new HashSet<string>();
        var isKept = new bool[members.Count];
        for (var index = members.Count - 1; index >= 0; index--)
        {
            var (start, nameEnd) = members[index];
            isKept[index] = names.Add(Encoding.UTF8.GetString(target[start..nameEnd]));
        }

        var end = written;
        written = members[0].Start;
        for (var index = 0; index < isKept.Length; index++)
        {
            if (isKept[index])
            {
                // Up to the next member's name, with the comma before it.
                var next = index + 1 < isKept.Length ? members[index + 1].Start : end;
                target[members[index].Start..next].CopyTo(target[written..]);
                written += next - members[index].Start;
            }
        }
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
