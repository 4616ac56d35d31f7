using System.Text;

namespace AkkaFeeds.Server.Edge.Events;

/// <summary>Reads the entries of a token; null wherever it is not well formed.</summary>
/// <param name="bytes">The entries.</param>
internal struct TokenReader(ReadOnlyMemory<byte> bytes)
{
    private const int NumberBitsMax = 63;

    private readonly List<string> texts = [];
    private int at;

    /// <summary>Whether all has been read.</summary>
    public readonly bool IsAtEnd => at == bytes.Length;

    /// <summary>A whole number that is not negative.</summary>
    public long? Number()
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

    /// <summary>A text that may have stood before.</summary>
    public string? Text(int bytesMax)
    {
        if (Number() is not { } number)
        {
            return null;
        }

        if (number > 0)
        {
            return number <= texts.Count ? texts[(int)number - 1] : null;
        }

        if (Number() is not { } length || length > bytesMax || length > bytes.Length - at)
        {
            return null;
        }

        var text = Encoding.ASCII.GetString(bytes.Span.Slice(at, (int)length));
        at += (int)length;
        texts.Add(text);
        return text;
    }
}
