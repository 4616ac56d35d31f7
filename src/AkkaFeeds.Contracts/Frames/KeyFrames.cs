using System.Buffers;

namespace AkkaFeeds.Contracts;

/// <summary>The frames of one key: snapshot, resumed, delta, state (product.md, section 6).</summary>
public static class KeyFrames
{
    /// <summary>A snapshot up to its cause.</summary>
    /// <param name="view">What is shown; its newest version is known.</param>
    /// <param name="fields">The fields wanted; null for all.</param>
    /// <param name="output">Takes the bytes.</param>
    public static void BeginSnapshot(KeyView view, FieldSelection? fields, IBufferWriter<byte> output)
    {
        var newest = view.Newest!;
        var text = new FrameText(output);
        Begin(text, "snapshot"u8, newest);
        text.Raw(",\"version\":"u8);
        text.Number(newest.Version);
        text.Raw(",\"data\":"u8);
        if (newest.View is { } data)
        {
            data.Write(output, fields);
        }
        else
        {
            text.Raw("null"u8);
        }

        text.Raw(","u8);
        text.Freshness(view.Freshness);
        End(text, newest);
    }

    /// <summary>The rest of a snapshot.</summary>
    public static ReadOnlySpan<byte> EndSnapshot(SnapshotCause cause) => cause switch
    {
        SnapshotCause.Subscribe => ",\"cause\":\"subscribe\"}"u8,
        SnapshotCause.Recovery => ",\"cause\":\"recovery\"}"u8,
        SnapshotCause.Cutover => ",\"cause\":\"cutover\"}"u8,
        SnapshotCause.Reset => ",\"cause\":\"reset\"}"u8,
        _ => ",\"cause\":\"resync\"}"u8,
    };

    /// <summary>A delta; false with nothing written where none of the paths is wanted.</summary>
    public static bool TryWriteDelta(
        ViewVersion newest, long baseVersion, PathSet paths, FieldSelection? fields, ArrayBufferWriter<byte> output)
    {
        var text = new FrameText(output);
        Begin(text, "delta"u8, newest);
        text.Raw(",\"base\":"u8);
        text.Number(baseVersion);
        text.Raw(",\"version\":"u8);
        text.Number(newest.Version);
        text.Raw(",\"data\":"u8);
        if (!newest.View!.TryWritePatch(paths, fields, output))
        {
            output.ResetWrittenCount();
            return false;
        }

        End(text, newest);
        text.Raw("}"u8);
        return true;
    }

    /// <summary>The answer to a subscribe that resumes.</summary>
    public static void WriteResumed(FrameName name, string epoch, long version, IBufferWriter<byte> output)
    {
        var text = new FrameText(output);
        text.Raw("{\"op\":\"resumed\","u8);
        text.Raw(name.Json.Span);
        text.Raw(",\"epoch\":\""u8);
        text.Raw(System.Text.Encoding.ASCII.GetBytes(epoch));
        text.Raw("\",\"version\":"u8);
        text.Number(version);
        text.Raw("}"u8);
    }

    /// <summary>A state.</summary>
    public static void WriteState(FrameName name, FreshnessStatus freshness, IBufferWriter<byte> output)
    {
        var text = new FrameText(output);
        text.Raw("{\"op\":\"state\","u8);
        text.Raw(name.Json.Span);
        text.Raw(","u8);
        text.Freshness(freshness);
        text.Raw("}"u8);
    }

    private static void Begin(FrameText text, ReadOnlySpan<byte> op, ViewVersion newest)
    {
        text.Raw("{\"op\":\""u8);
        text.Raw(op);
        text.Raw("\","u8);
        text.Raw(newest.Name.Json.Span);
        text.Raw(",\"epoch\":"u8);
        text.String(newest.Epoch);
    }

    private static void End(FrameText text, ViewVersion newest)
    {
        text.Raw(",\"at\":"u8);
        text.Number(newest.At);
        text.Raw(","u8);
        text.Positions(newest.Positions);
    }
}
