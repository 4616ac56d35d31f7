using System.Buffers.Binary;

namespace AkkaFeeds.Harness;

/// <summary>A WebSocket frame as a client sends it, or as none should (RFC 6455, section 5.2).</summary>
public static class ClientFrame
{
    /// <summary>The opcode of a text.</summary>
    public const int Text = 1;

    /// <summary>The opcode of what goes on with a message.</summary>
    public const int Continuation = 0;

    /// <summary>The opcode of a ping.</summary>
    public const int Ping = 9;

    /// <summary>The opcode of a pong.</summary>
    public const int Pong = 10;

    private const int Final = 0x80;

    /// <summary>The bytes of one frame as a client has to send it, or not.</summary>
    /// <param name="opcode">What it is, with the reserved bits where they are wanted (0x40, 0x20, 0x10).</param>
    /// <param name="payload">What is in it.</param>
    /// <param name="isFinal">Whether it ends its message.</param>
    /// <param name="isMasked">Whether it is masked, as clients must.</param>
    public static byte[] Of(int opcode, ReadOnlySpan<byte> payload, bool isFinal = true, bool isMasked = true)
    {
        var extended = payload.Length switch { < 126 => 0, <= ushort.MaxValue => 2, _ => 8 };
        var head = 2 + extended + (isMasked ? 4 : 0);
        var frame = new byte[head + payload.Length];
        frame[0] = (byte)((isFinal ? Final : 0) | opcode);
        frame[1] = (byte)((isMasked ? 0x80 : 0) | extended switch { 0 => payload.Length, 2 => 126, _ => 127 });
        if (extended == 2)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
        }
        else if (extended == 8)
        {
            BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(2), payload.Length);
        }

        payload.CopyTo(frame.AsSpan(head));
        if (isMasked)
        {
            ReadOnlySpan<byte> mask = [0x37, 0xfa, 0x21, 0x3d];
            mask.CopyTo(frame.AsSpan(head - 4));
            for (var index = 0; index < payload.Length; index++)
            {
                frame[head + index] ^= mask[index & 3];
            }
        }

        return frame;
    }
}
