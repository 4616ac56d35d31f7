using System.Buffers.Binary;
using System.Text;
using AkkaFeeds.Clients;

namespace AkkaFeeds.Server.Edge.WebSockets;

/// <summary>The header of a server's text frame (RFC 6455, section 5.2): final, not masked.</summary>
internal static class FrameHeader
{
    /// <summary>The most bytes of a header.</summary>
    public const int BytesMax = 10;

    /// <summary>In the low four bits of a close's first byte.</summary>
    public const int CloseOpcode = 0x8;

    private const byte FinalText = 0x81;
    private const byte FinalClose = 0x80 | CloseOpcode;
    private const int LengthIn16 = 126;
    private const int LengthIn64 = 127;

    /// <summary>Puts the frames of a batch behind one another, each with its header.</summary>
    public static int Frame(FrameBatch frames, Span<byte> output)
    {
        var length = 0;
        for (var index = 0; index < frames.Count; index++)
        {
            var frame = frames[index].Span;
            length += Write(frame.Length, output[length..]);
            frame.CopyTo(output[length..]);
            length += frame.Length;
        }

        return length;
    }

    /// <summary>A whole close frame.</summary>
    /// <param name="code">The code.</param>
    /// <param name="reason">A word or two; at most 123 bytes.</param>
    public static byte[] Close(int code, string reason)
    {
        var frame = new byte[4 + Encoding.UTF8.GetByteCount(reason)];
        frame[0] = FinalClose;
        frame[1] = (byte)(frame.Length - 2);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)code);
        Encoding.UTF8.GetBytes(reason, frame.AsSpan(4));
        return frame;
    }

    private static int Write(int payload, Span<byte> output)
    {
        output[0] = FinalText;
        switch (payload)
        {
            case < LengthIn16:
                output[1] = (byte)payload;
                return 2;
            case <= ushort.MaxValue:
                output[1] = LengthIn16;
                BinaryPrimitives.WriteUInt16BigEndian(output[2..], (ushort)payload);
                return 4;
            default:
                output[1] = LengthIn64;
                BinaryPrimitives.WriteUInt64BigEndian(output[2..], (ulong)payload);
                return BytesMax;
        }
    }
}
