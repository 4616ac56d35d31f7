using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Definitions.Expressions;

/// <summary>
/// Writes JSON values as views show them. It knows nothing of commas: the caller writes the structure.
/// </summary>
internal readonly struct JsonText(IBufferWriter<byte> output)
{
    private static readonly SearchValues<char> Special = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(code => (char)code), '"', '\\']);

    /// <summary>A comma, a member's name and a colon, ready to be written.</summary>
    public static byte[] NameOf(string name)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var text = new JsonText(buffer);
        text.Raw(","u8);
        text.String(name);
        text.Raw(":"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>JSON text as it is.</summary>
    public void Raw(ReadOnlySpan<byte> json) => output.Write(json);

    /// <summary>
    /// A value as a view shows it: members that are null are left out of objects, at any depth outside lists.
    /// </summary>
    public void Shown(in Value value)
    {
        if (value.Kind == ValueKind.Json && value.AsJson.Utf8.Span.IndexOf("null"u8) >= 0)
        {
            JsonOps.WriteWithoutNulls(value.AsJson, this);
        }
        else
        {
            Value(value);
        }
    }

    /// <summary>Any value; absent as null.</summary>
    public void Value(in Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Bool:
                Raw(value.AsBool ? "true"u8 : "false"u8);
                break;
            case ValueKind.Long:
                Long(value.AsLong);
                break;
            case ValueKind.Double:
                Double(value.AsDouble);
                break;
            case ValueKind.String:
                String(value.AsString);
                break;
            case ValueKind.Time:
                Time(value.AsLong);
                break;
            case ValueKind.Duration:
                String(Times.FormatDuration(value.AsLong));
                break;
            case ValueKind.Json:
                Raw(value.AsJson.Utf8.Span);
                break;
            default:
                Raw("null"u8);
                break;
        }
    }

    public void Long(long value)
    {
        var span = output.GetSpan(20);
        Utf8Formatter.TryFormat(value, span, out var written);
        output.Advance(written);
    }

    /// <summary>The shortest text that reads back as the same double; a whole one has no fraction.</summary>
    public void Double(double value)
    {
        var span = output.GetSpan(32);
        value.TryFormat(span, out var written, default, CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    /// <summary>An instant in quotes: RFC 3339 in UTC with three decimals.</summary>
    public void Time(long unixMilliseconds)
    {
        var span = output.GetSpan(Times.TextLength + 2);
        span[0] = (byte)'"';
        Times.Format(unixMilliseconds, span[1..]);
        span[Times.TextLength + 1] = (byte)'"';
        output.Advance(Times.TextLength + 2);
    }

    /// <summary>
    /// Text in quotes, escaped where JSON demands it and nowhere else; what is not Unicode becomes U+FFFD.
    /// </summary>
    public void String(ReadOnlySpan<char> text)
    {
        Raw("\""u8);
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAny(Special);
            var run = plain < 0 ? text : text[..plain];
            var span = output.GetSpan(Encoding.UTF8.GetMaxByteCount(run.Length));
            output.Advance(Encoding.UTF8.GetBytes(run, span));
            if (plain < 0)
            {
                break;
            }

            Escape(text[plain]);
            text = text[(plain + 1)..];
        }

        Raw("\""u8);
    }

    private void Escape(char character)
    {
        switch (character)
        {
            case '"': Raw("\\\""u8); break;
            case '\\': Raw("\\\\"u8); break;
            case '\n': Raw("\\n"u8); break;
            case '\r': Raw("\\r"u8); break;
            case '\t': Raw("\\t"u8); break;
            case '\b': Raw("\\b"u8); break;
            case '\f': Raw("\\f"u8); break;
            default:
                var span = output.GetSpan(6);
                "\\u00"u8.CopyTo(span);
                ((int)character).TryFormat(span[4..], out _, "x2", CultureInfo.InvariantCulture);
                output.Advance(6);
                break;
        }
    }
}
