using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AkkaFeeds.Clients;

namespace AkkaFeeds.Server.Edge.Events;

/// <summary>
/// The <c>id</c> of an event stream: what the client holds of each of its keys, so that <c>Last-Event-ID</c> resumes
/// all
/// of them at any node. It names keys by their place in the request, and is bound to the request by a check: one that
/// was made for other keys, cut or changed says nothing. Who makes one up says no more than a WebSocket's
/// <c>resume</c> can, and of his own keys.
/// </summary>
internal static class ResumeToken
{
    /// <summary>Proxies take header lines of 8 KB. Keys beyond are left out, and begin with a snapshot.</summary>
    public const int LengthMax = 6_000;

    private const byte Format = 1;
    private const int CheckBytes = 8;
    private const int HeadBytes = 1 + CheckBytes;
    private const int EntriesBytesMax = (LengthMax * 3 / 4) - HeadBytes;
    private const int TextBytesMax = 256;

    /// <summary>The token of what a client holds.</summary>
    public static string Write(EventsRequest request, IReadOnlyList<HeldKey> held)
    {
        var output = new ArrayBufferWriter<byte>(64);
        output.Advance(HeadBytes);
        var texts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var key in held)
        {
            var before = output.WrittenCount;
            Number(output, request.PlaceOf(key));
            Text(output, key.From.Epoch, texts);
            Number(output, key.From.Version);
            Number(output, key.From.Positions.Count);
            foreach (var (partition, offset) in key.From.Positions)
            {
                Text(output, partition, texts);
                Number(output, offset);
            }

            if (output.WrittenCount > EntriesBytesMax)
            {
                return Finish(output.WrittenSpan[..before].ToArray(), request.Binding);
            }
        }

        return Finish(output.WrittenSpan.ToArray(), request.Binding);
    }

    /// <summary>What a token says of the keys of a request, by their places; empty where it says nothing.</summary>
    public static IReadOnlyDictionary<int, ResumeFrom> Read(EventsRequest request)
    {
        var found = new Dictionary<int, ResumeFrom>();
        var text = request.LastEventId;
        if (text is null || text.Length > LengthMax || !Base64Url.IsValid(text))
        {
            return found;
        }

        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length < HeadBytes || bytes[0] != Format
            || !bytes.AsSpan(1, CheckBytes).SequenceEqual(Check(bytes.AsSpan(HeadBytes), request.Binding)))
        {
            return found;
        }

        var reader = new TokenReader(bytes.AsMemory(HeadBytes));
        while (!reader.IsAtEnd)
        {
            if (!TryEntry(ref reader, request.Keys.Count, out var place, out var from))
            {
                return new Dictionary<int, ResumeFrom>();
            }

            found[place] = from;
        }

        return found;
    }

    private static bool TryEntry(ref TokenReader reader, int keys, out int place, out ResumeFrom from)
    {
        from = null!;
        place = (int)Math.Min(reader.Number() ?? keys, keys);
        if (place == keys || reader.Text(TextBytesMax) is not { Length: > 0 } epoch
            || reader.Number() is not { } version
            || reader.Number() is not (>= 0 and <= EntriesBytesMax and var count))
        {
            return false;
        }

        var positions = new List<KeyValuePair<string, long>>();
        for (var index = 0; index < count; index++)
        {
            if (reader.Text(TextBytesMax) is not { } partition || reader.Number() is not { } offset)
            {
                return false;
            }

            positions.Add(KeyValuePair.Create(partition, offset));
        }

        from = new ResumeFrom(epoch, version, positions);
        return true;
    }

    private static string Finish(byte[] token, byte[] binding)
    {
        token[0] = Format;
        Check(token.AsSpan(HeadBytes), binding).CopyTo(token.AsSpan(1));
        return Base64Url.EncodeToString(token);
    }

    private static ReadOnlySpan<byte> Check(ReadOnlySpan<byte> entries, byte[] binding)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(binding);
        hash.AppendData(entries);
        return hash.GetHashAndReset().AsSpan(0, CheckBytes);
    }

    // Seven bits a byte, the lowest first.
    private static void Number(ArrayBufferWriter<byte> output, long value)
    {
        var rest = (ulong)value;
        for (; rest >= 0x80; rest >>= 7)
        {
            output.Write([(byte)(rest | 0x80)]);
        }

        output.Write([(byte)rest]);
    }

    // 0 and the text the first time, then its number: epochs and partitions are few, keys many.
    private static void Text(ArrayBufferWriter<byte> output, string text, Dictionary<string, int> known)
    {
        if (known.TryGetValue(text, out var number))
        {
            Number(output, number);
            return;
        }

        known.Add(text, known.Count + 1);
        var bytes = Encoding.ASCII.GetBytes(text);
        Number(output, 0);
        Number(output, bytes.Length);
        output.Write(bytes);
    }
}
