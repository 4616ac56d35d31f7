using System.Text;
using AkkaFeeds.Clients;

namespace AkkaFeeds.Server.Edge.Events;

/// <summary>
/// Reads the first form of a token's entries, which is no longer written: who came back behind an update may have one.
/// </summary>
/// <param name="bytes">The entries.</param>
internal struct TokenReader(ReadOnlyMemory<byte> bytes)
{
    private const int NumberBitsMax = 63;
    private const int TextBytesMax = 256;

    private readonly List<string> texts = [];
    private int at;

    /// <summary>What is held, by the places of the keys; null where it is not well formed.</summary>
    /// <param name="bytes">The entries.</param>
    /// <param name="places">How many keys there are.</param>
    public static IReadOnlyDictionary<int, ResumeFrom>? Read(ReadOnlyMemory<byte> bytes, int places)
    {
        var found = new Dictionary<int, ResumeFrom>();
        var reader = new TokenReader(bytes);
        while (reader.at < bytes.Length)
        {
            if (reader.Number() is not { } place || place >= places || reader.Entry() is not { } from)
            {
                return null;
            }

            found[(int)place] = from;
        }

        return found;
    }

    private ResumeFrom? Entry()
    {
        if (Text() is not { Length: > 0 } epoch || Number() is not { } version || Number() is not { } count
            || count > bytes.Length)
        {
            return null;
        }

        var positions = new List<KeyValuePair<string, long>>();
        for (var index = 0; index < count; index++)
        {
            if (Text() is not { } partition || Number() is not { } offset)
            {
                return null;
            }

            positions.Add(KeyValuePair.Create(partition, offset));
        }

        return new ResumeFrom(epoch, version, positions);
    }

    // Seven bits a byte, the lowest first.
    private long? Number()
    {
        var value = 0L;
        for (var shift = 0; shift < NumberBitsMax && at < bytes.Length; shift += 7)
        {
            var part = bytes.Span[at++];
            value |= (long)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        return null;
    }

    // 0 and the text the first time, then its number.
    private string? Text()
    {
        if (Number() is not { } number)
        {
            return null;
        }

        if (number > 0)
        {
            return number <= texts.Count ? texts[(int)number - 1] : null;
        }

        if (Number() is not { } length || length > TextBytesMax || length > bytes.Length - at)
        {
            return null;
        }

        var text = Encoding.ASCII.GetString(bytes.Span.Slice(at, (int)length));
        at += (int)length;
        texts.Add(text);
        return text;
    }
}
