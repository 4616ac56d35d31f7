using System.Buffers.Binary;

namespace AkkaFeeds.Tests.Server.Edge;

/// <summary>Frames as clients send them.</summary>
internal static class ClientBytes
{
    public const int Text = 1;

    /// <summary>A whole frame.</summary>
    public static byte[] Frame(int opcode, ReadOnlySpan<byte> payload, bool isMasked = true)
    {
        var extended = payload.Length switch { < 126 => 0, <= ushort.MaxValue => 2, _ => 8 };
        var header = 2 + extended + (isMasked ? 4 : 0);
        var frame = new byte[header + payload.Length];
        frame[0] = (byte)(0x80 | opcode);
        frame[1] = (byte)((isMasked ? 0x80 : 0) | extended switch { 0 => payload.Length, 2 => 126, _ => 127 });
        if (extended == 2)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
        }
        else if (extended == 8)
        {
            BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(2), payload.Length);
        }

        // A mask of zeros changes nothing.
        payload.CopyTo(frame.AsSpan(header));
        return frame;
    }

    /// <summary>Fewer bytes than <paramref name="limit"/>, of any value.</summary>
    public static byte[] Random(Random random, int limit)
    {
        var bytes = new byte[random.Next(limit)];
        random.NextBytes(bytes);
        return bytes;
    }
}
