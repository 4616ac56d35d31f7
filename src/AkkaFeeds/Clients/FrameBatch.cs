using System.Buffers;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Clients;

/// <summary>The frames of one flush, one behind the other in one buffer that is used again and again.</summary>
internal sealed class FrameBatch
{
    /// <summary>How many kinds of frames there are.</summary>
    public static readonly int KindCount = Enum.GetValues<FrameKind>().Length;

    // A buffer that grew beyond this for one large flush is not kept for the small ones.
    private const int KeptBytesMax = 32 * 1024;

    private readonly int bytes;
    private ArrayBufferWriter<byte> buffer;
    private readonly List<(int End, FrameKind Kind)> frames = [];
    private readonly int[] counts = new int[KindCount];

    /// <summary>Makes an empty batch.</summary>
    public FrameBatch(int bytes = 512)
    {
        this.bytes = bytes;
        buffer = new ArrayBufferWriter<byte>(bytes);
    }

    /// <summary>How many frames.</summary>
    public int Count => frames.Count;

    /// <summary>How many bytes.</summary>
    public int Bytes => buffer.WrittenCount;

    /// <summary>How many bytes it holds on to.</summary>
    public int Capacity => buffer.Capacity;

    /// <summary>Whether it ends with a goodbye: no frame follows it, and its close is the one that counts.</summary>
    public bool IsLast { get; set; }

    /// <summary>What the client holds behind these frames; null where its socket does not want to know.</summary>
    public IReadOnlyList<HeldKey>? Held { get; set; }

    /// <summary>How many frames of each kind.</summary>
    public ReadOnlySpan<int> Counts => counts;

    /// <summary>How many frames of a kind.</summary>
    public int CountOf(FrameKind kind) => counts[(int)kind];

    /// <summary>What a frame is.</summary>
    public FrameKind KindOf(int index) => frames[index].Kind;

    /// <summary>A frame, in the order in which they were added; valid until <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> this[int index]
    {
        get
        {
            var start = index == 0 ? 0 : frames[index - 1].End;
            return buffer.WrittenMemory[start..frames[index].End];
        }
    }

    /// <summary>Adds a frame that is encoded already.</summary>
    public void Add(ReadOnlySpan<byte> frame, FrameKind kind)
    {
        buffer.Write(frame);
        End(kind);
    }

    /// <summary>Adds a frame of two parts.</summary>
    public void Add(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail, FrameKind kind)
    {
        buffer.Write(head);
        Add(tail, kind);
    }

    /// <summary>The place to encode a frame into; <see cref="End"/> ends it.</summary>
    public IBufferWriter<byte> Begin() => buffer;

    /// <summary>Ends the frame that was written since the last end.</summary>
    public void End(FrameKind kind)
    {
        frames.Add((buffer.WrittenCount, kind));
        counts[(int)kind]++;
    }

    /// <summary>Forgets all frames and keeps the buffer.</summary>
    public void Clear()
    {
        if (buffer.Capacity > KeptBytesMax)
        {
            buffer = new ArrayBufferWriter<byte>(bytes);
        }

        buffer.ResetWrittenCount();
        frames.Clear();
        IsLast = false;
        Held = null;
        Array.Clear(counts);
    }
}
