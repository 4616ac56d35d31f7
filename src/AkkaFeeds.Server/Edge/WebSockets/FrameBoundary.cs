namespace AkkaFeeds.Server.Edge.WebSockets;

/// <summary>
/// Follows what a client sends, in pieces of any size, and knows whether a frame has just ended, and how many messages
/// (RFC 6455, section 5.2). What is no frame may lead it astray: the WebSocket, which reads the same, ends the
/// connection then.
/// </summary>
internal sealed class FrameBoundary
{
    private const int ShortHeader = 2;
    private const int MaskBytes = 4;
    private const int Final = 0x80;
    private const int OpcodeBits = 0xF;

    // Continuation, text and binary; what is above is control.
    private const int BinaryOpcode = 2;

    private int headerRead;
    private int lengthEnd;
    private int headerEnd;
    private ulong length;
    private ulong left;
    private bool endsMessage;
    private bool isInMessage;
    private bool isBehindOther;
    private long messages;

    /// <summary>Whether the next byte begins a frame.</summary>
    public bool IsBetween => headerRead == 0 && left == 0;

    /// <summary>Whether no frame has begun that has not ended, and no message either.</summary>
    public bool IsWhole => IsBetween && !isInMessage;

    /// <summary>How many frames have begun, the second and later ones of a message not counted.</summary>
    public long Begun { get; private set; }

    /// <summary>How many frames of messages came that were not the last of theirs.</summary>
    public long Fragments { get; private set; }

    /// <summary>Is told of all that passes; null for nobody.</summary>
    public FrameDeadline? Deadline { get; set; }

    /// <summary>
    /// Whether so many messages, and the frames between them, are all that came: nothing is behind the last of them,
    /// not even a frame that is no part of a message.
    /// </summary>
    public bool IsBehind(long count) => IsBetween && !isBehindOther && messages == count;

    /// <summary>Takes note of what the client has sent next.</summary>
    public void Pass(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var part = 1;
            if (left == 0)
            {
                PassHeader(bytes[0]);
            }
            else
            {
                part = (int)Math.Min(left, (ulong)bytes.Length);
                left -= (ulong)part;
            }

            bytes = bytes[part..];
            if (IsBetween)
            {
                isBehindOther = !endsMessage;
                messages += endsMessage ? 1 : 0;
            }
        }

        Deadline?.Passed(this);
    }

    private void PassHeader(byte next)
    {
        headerRead++;
        if (headerRead == 1)
        {
            PassOpcode((next & Final) != 0, (next & OpcodeBits) <= BinaryOpcode);
        }
        else if (headerRead == ShortHeader)
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

    private void PassOpcode(bool isFinal, bool isOfMessage)
    {
        Begun += isInMessage ? 0 : 1;
        endsMessage = isFinal && isOfMessage;
        if (isOfMessage)
        {
            isInMessage = !isFinal;
            Fragments += isFinal ? 0 : 1;
        }
    }
}
