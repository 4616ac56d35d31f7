using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AkkaFeeds.Contracts;

/// <summary>Writes frames piece by piece; text is escaped no further than JSON demands.</summary>
public readonly struct FrameText(IBufferWriter<byte> output)
{
    // What stands in a JSON string as it is, and is one byte.
    private static readonly SearchValues<char> PlainCharacters = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(each => (char)each).Where(each => each is not ('"' or '\\'))]);

    /// <summary>Bytes as they are.</summary>
    public void Raw(ReadOnlySpan<byte> bytes) => output.Write(bytes);

    /// <summary>A whole number.</summary>
    public void Number(long value)
    {
        var span = output.GetSpan(20);
        Utf8Formatter.TryFormat(value, span, out var count);
        output.Advance(count);
    }

    /// <summary>A number.</summary>
    public void Number(double value)
    {
        var span = output.GetSpan(32);
        Utf8Formatter.TryFormat(value, span, out var count);
        output.Advance(count);
    }

    /// <summary>A string with its quotes.</summary>
    public void String(string value)
    {
        output.Write("\""u8);
        if (value.AsSpan().IndexOfAnyExcept(PlainCharacters) < 0)
        {
            output.Advance(Encoding.ASCII.GetBytes(value, output.GetSpan(value.Length)));
        }
        else
        {
            output.Write(JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        }

        output.Write("\""u8);
    }

    /// <summary>Members <c>"state":…</c> and what explains it: reason, since, progress, missing.</summary>
    public void Freshness(FreshnessStatus freshness)
    {
        Raw("\"state\":\""u8);
        Raw(WordOf(freshness.State));
        Raw("\""u8);
        if (freshness.Reason is { } reason)
        {
            Raw(",\"reason\":"u8);
            String(reason);
        }

        if (freshness.Since is { } since)
        {
            Raw(",\"since\":"u8);
            Number(since);
        }

        if (freshness.Progress is { } progress)
        {
            Raw(",\"progress\":"u8);
            Number(Math.Round(progress, 4));
        }

        for (var index = 0; index < (freshness.Missing?.Count ?? 0); index++)
        {
            Raw(index == 0 ? ",\"missing\":["u8 : ","u8);
            String(freshness.Missing![index]);
        }

        if (freshness.Missing is { Count: > 0 })
        {
            Raw("]"u8);
        }
    }

    /// <summary>Member <c>"pos":{…}</c>.</summary>
    public void Positions(IReadOnlyList<KeyValuePair<string, long>> positions)
    {
        Raw("\"pos\":{"u8);
        for (var index = 0; index < positions.Count; index++)
        {
            Raw(index == 0 ? ""u8 : ","u8);
            String(positions[index].Key);
            Raw(":"u8);
            Number(positions[index].Value);
        }

        Raw("}"u8);
    }

    /// <summary>The word for a state.</summary>
    public static ReadOnlySpan<byte> WordOf(FreshnessState state) => state switch
    {
        FreshnessState.Rebuilding => "rebuilding"u8,
        FreshnessState.Blank => "blank"u8,
        FreshnessState.Stale => "stale"u8,
        FreshnessState.Partial => "partial"u8,
        _ => "live"u8,
    };
}
