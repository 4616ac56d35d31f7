namespace AkkaFeeds.Server.Edge.WebSockets;

/// <summary>
/// Follows what a client sends, in pieces of any size, and knows whether a frame has just ended (RFC 6455, section
/// 5.2). What is no frame may lead it astray: the WebSocket, which reads the same, ends the connection then.
/// </summary>
internal sealed class FrameBoundary
{
    private const int ShortHeader = 2;
    private const int MaskBytes = 4;

    private int headerRead;
    private int lengthEnd;
    private int headerEnd;
    private ulong length;
    private ulong left;

    /// <summary>Whether the next byte begins a frame.</summary>
    public bool IsBetween => headerRead == 0 && left == 0;

    /// <summary>Takes note of what the client has sent next.</summary>
    public void Pass(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (left == 0)
            {
                PassHeader(bytes[0]);
                bytes = bytes[1..];
                continue;
            }

            var part = (int)Math.Min(left, (ulong)bytes.Length);
            left -= (ulong)part;
            bytes = bytes[part..];
        }
    }

    private void PassHeader(byte next)
    {
        headerRead++;
        if (headerRead == ShortHeader)
        {
            var said = next & 0x7F;
            lengthEnd = ShortHeader + said switch { 126 => 2, 127 => 8, _ => 0 };
            headerEnd = lengthEnd + ((next & 0x80) != 0 ? MaskBytes : 0);
            length = lengthEnd == ShortHeader ? (ulong)said : 0;
        }
        else if (headerRead > ShortHeader && headerRead <= lengthEnd)
        {
            length = (length << 8) | next;
        }

        if (headerRead >= ShortHeader && headerRead == headerEnd)
        {
            headerRead = 0;
            left = length;
        }
    }
}
