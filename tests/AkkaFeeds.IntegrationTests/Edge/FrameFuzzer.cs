using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>Makes frames out of valid ones: some stay JSON objects, others may be nothing any more.</summary>
internal sealed class FrameFuzzer(int seed)
{
    private const int FrameBytesMax = 16 * 1024;

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "1e400", "-0", "1.5", "9223372036854775807", "9223372036854775808",
        "123456789012345678901234567890", "1e-999", "\"\"", "\"*\"", "\"K001\"", "\"\\u0000\"", "\"\\udc00\"",
        "\"\\r\\n\"", "\"__proto__\"", "[]", "[null]", "[\"n\"]", "[\"n\",\"n\"]", "[[\"n\"]]", "{}",
        "{\"epoch\":\"e\",\"version\":1}", "{\"epoch\":\"\",\"version\":1,\"pos\":{}}",
        "{\"epoch\":\"e\",\"version\":9223372036854775807,\"pos\":{\"0\":-1,\"\":0}}", "{\"op\":\"ping\"}",
    ];

    private static readonly string[] Names =
    [
        "op", "feed", "key", "keys", "id", "fields", "resume", "maxRate", "prefix", "sort", "limit", "t", "mark", "at",
        "marks", "token", "", "__proto__", "OP", "length",
    ];

    private readonly Random random = new(seed);

    /// <summary>The bytes of a frame that is a JSON object of different names, whatever else it is.</summary>
    public byte[] Object() => RawSocket.Frame(Write(Mutated()));

    /// <summary>The bytes of a frame that may be no JSON, or too large, or no text.</summary>
    public byte[] Wild()
    {
        var text = Write(Mutated());
        return random.Next(8) switch
        {
            0 => RawSocket.Frame(RawSocket.Text, Flipped(text)),
            1 => RawSocket.Frame(text[..random.Next(text.Length)]),
            2 => RawSocket.Frame(text.Insert(text.Length - 1, ",\"op\":\"ping\"")),
            3 => RawSocket.Frame($$"""{"op":"ping","t":{{new string('[', random.Next(1, 4_000))}}"""),
            4 => RawSocket.Frame($$"""{"op":"ping","t":{{new string('9', random.Next(1, FrameBytesMax))}}}"""),
            5 => RawSocket.Frame(text + new string(' ', random.Next(2 * FrameBytesMax))),
            6 => RawSocket.Frame(RawSocket.Binary, Encoding.UTF8.GetBytes(text)),
            _ => Fragments(text),
        };
    }

    /// <summary>Bytes that may be no WebSocket frame, or one that never ends.</summary>
    public byte[] Wire()
    {
        var wire = Object();
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            wire[random.Next(Math.Min(wire.Length, 14))] = (byte)random.Next(256);
        }

        return random.Next(3) == 0 ? wire[..random.Next(1, wire.Length)] : wire;
    }

    private List<(string Name, string Value)> Mutated()
    {
        var members = Valid();
        for (var count = random.Next(4); count > 0; count--)
        {
            var index = random.Next(members.Count);
            switch (random.Next(6))
            {
                case 0 when members.Count > 1:
                    members.RemoveAt(index);
                    break;
                case 1:
                    members[index] = (members[index].Name, Values[random.Next(Values.Length)]);
                    break;
                case 2:
                    members[index] = (Names[random.Next(Names.Length)], members[index].Value);
                    break;
                case 3:
                    members.Add((Names[random.Next(Names.Length)], Values[random.Next(Values.Length)]));
                    break;
                case 4:
                    members[index] = (members[index].Name, Text());
                    break;
                default:
                    random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(members));
                    break;
            }
        }

        return [.. members.DistinctBy(member => member.Name)];
    }

    private List<(string Name, string Value)> Valid() => random.Next(12) switch
    {
        0 => [("op", "\"hello\""), ("marks", random.Next(2) == 0 ? "true" : "false")],
        1 => [("op", "\"auth\""), ("token", "\"t\"")],
        2 => [("op", "\"rendered\""), ("mark", Number(9)), ("at", "1764000000123")],
        3 => [("op", "\"ping\""), ("t", Number(1_000))],
        4 => [("op", "\"unsubscribe\""), ("feed", "\"small\""), ("id", $"\"q{random.Next(9)}\"")],
        5 or 6 => [("op", "\"unsubscribe\""), ("feed", Feed()), ("key", Key())],
        7 or 8 =>
        [
            ("op", "\"subscribe\""), ("feed", Feed()), ("keys", "\"*\""), ("id", $"\"q{random.Next(9)}\""),
            ("prefix", $"\"K0{random.Next(9)}\""), ("limit", Number(20)), ("maxRate", Number(50)),
        ],
        _ =>
        [
            ("op", "\"subscribe\""), ("feed", Feed()), ("key", Key()), ("fields", "[\"n\",\"mean\"]"),
            ("resume", $"{{\"epoch\":\"e.1.2\",\"version\":{Number(99)},\"pos\":{{\"1\":{Number(99)}}}}}"),
            ("maxRate", Number(50)),
        ],
    };

    private string Feed() => random.Next(3) == 0 ? "\"raw\"" : "\"small\"";

    private string Key() => random.Next(4) == 0
        ? JsonSerializer.Serialize(BadInput.Hostile[random.Next(BadInput.Hostile.Length)])
        : $"\"{SmallFeed.KeyOf(random.Next(2 * EdgeServer.MadeKeys))}\"";

    private string Number(int below) => random.Next(1, below + 1).ToString(CultureInfo.InvariantCulture);

    private string Text()
    {
        var text = new StringBuilder("\"");
        var length = random.Next(20) == 0 ? random.Next(8_000) : random.Next(20);
        for (var index = 0; index < length; index++)
        {
            text.Append(random.Next(6) switch
            {
                0 => $"\\u{random.Next(0xd800):x4}",
                1 => "é",
                2 => "\\\"",
                3 => "😀",
                _ => $"{(char)random.Next('a', 'z')}",
            });
        }

        return text.Append('"').ToString();
    }

    private string Write(List<(string Name, string Value)> members)
    {
        var text = new StringBuilder("{");
        foreach (var (name, value) in members)
        {
            text.Append(text.Length > 1 ? "," : "").Append('"').Append(Escaped(name)).Append("\":").Append(value);
        }

        return text.Append('}').ToString();
    }

    // The same name by another spelling.
    private string Escaped(string name) => name.Length == 0 || random.Next(10) > 0 ? name
        : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)name[0]:x4}{name[1..]}");

    private byte[] Flipped(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var count = random.Next(1, 5); count > 0; count--)
        {
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        }

        return bytes;
    }

    private byte[] Fragments(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var wire = new List<byte>();
        for (var at = 0; at < bytes.Length;)
        {
            var part = Math.Min(random.Next(1, 40), bytes.Length - at);
            wire.AddRange(RawSocket.Frame(
                at == 0 ? RawSocket.Text : 0, bytes.AsSpan(at, part), isFinal: at + part == bytes.Length));
            at += part;
        }

        return [.. wire];
    }
}
