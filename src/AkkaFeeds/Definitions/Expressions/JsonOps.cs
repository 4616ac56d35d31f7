using System.Buffers;
using System.Text.Json;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Definitions.Expressions;

/// <summary>
/// Operators on objects and lists. They walk the JSON text, so they cost time, and only where they are used.
/// </summary>
internal static class JsonOps
{
    public static bool IsList(in Value value) => value.Kind == ValueKind.Json
        && value.AsJson.Utf8.Span[0] == (byte)'[';

    public static bool IsObject(in Value value) => value.Kind == ValueKind.Json
        && value.AsJson.Utf8.Span[0] == (byte)'{';

    /// <summary>The member of an object, or absent; a list has none.</summary>
    public static Value Member(JsonValue json, string name)
    {
        var reader = new Utf8JsonReader(json.Utf8.Span, ViewDepth.OfReaders);
        reader.Read();
        var found = default(Value);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var matches = reader.ValueTextEquals(name);
            reader.Read();
            if (matches)
            {
                found = Read(ref reader, json);
            }
            else
            {
                reader.Skip();
            }
        }

        return found;
    }

    /// <summary>The item of a list, or absent; an object has none.</summary>
    public static Value Item(JsonValue json, long index)
    {
        var reader = new Utf8JsonReader(json.Utf8.Span, ViewDepth.OfReaders);
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            return default;
        }

        for (var position = 0L; reader.Read() && reader.TokenType != JsonTokenType.EndArray; position++)
        {
            if (position == index)
            {
                return Read(ref reader, json);
            }

            reader.Skip();
        }

        return default;
    }

    /// <summary>How many members or items.</summary>
    public static long Count(JsonValue json)
    {
        var reader = new Utf8JsonReader(json.Utf8.Span, ViewDepth.OfReaders);
        reader.Read();
        var count = 0L;
        while (reader.Read() && reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject))
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                reader.Read();
            }

            count++;
            reader.Skip();
        }

        return count;
    }

    /// <summary>Whether a list has the item, or an object the member.</summary>
    public static bool Contains(in Value container, in Value wanted)
    {
        if (IsObject(container))
        {
            return wanted.Kind == ValueKind.String
                && Member(container.AsJson, wanted.AsString).Kind != ValueKind.Absent;
        }

        var json = container.AsJson;
        var reader = new Utf8JsonReader(json.Utf8.Span, ViewDepth.OfReaders);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (Comparison.AreEqual(Read(ref reader, json), wanted))
            {
                return true;
            }
        }

        return false;
    }

    public static bool AreEqual(JsonValue left, JsonValue right)
    {
        if (left.Equals(right))
        {
            return true;
        }

        using var a = JsonDocument.Parse(left.Utf8, ViewDepth.OfDocuments);
        using var b = JsonDocument.Parse(right.Utf8, ViewDepth.OfDocuments);
        return JsonEquality.AreEqual(a.RootElement, b.RootElement);
    }

    public static Value Concat(in Value left, in Value right)
    {
        var a = left.AsJson.Utf8.Span;
        var b = right.AsJson.Utf8.Span;
        if (a.Length == 2 || b.Length == 2)
        {
            return a.Length == 2 ? right : left;
        }

        var joined = new byte[a.Length + b.Length - 1];
        a[..^1].CopyTo(joined);
        joined[a.Length - 1] = (byte)',';
        b[1..].CopyTo(joined.AsSpan(a.Length));
        return Value.Of(new JsonValue(joined));
    }

    /// <summary>An object or list made of values; absent members are left out, absent items are null.</summary>
    public static Value Make(bool isList, ReadOnlySpan<string> names, ReadOnlySpan<Value> values)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var text = new JsonText(buffer);
        text.Raw(isList ? "["u8 : "{"u8);
        var first = true;
        for (var index = 0; index < values.Length; index++)
        {
            if (!isList && values[index].Kind == ValueKind.Absent)
            {
                continue;
            }

            if (!first)
            {
                text.Raw(","u8);
            }

            first = false;
            if (!isList)
            {
                text.String(names[index]);
                text.Raw(":"u8);
            }

            text.Value(values[index]);
        }

        text.Raw(isList ? "]"u8 : "}"u8);
        return Value.Of(new JsonValue(buffer.WrittenMemory));
    }

    /// <summary>
    /// The value without members that are null, at any depth outside lists; other values as they are.
    /// </summary>
    public static Value WithoutNulls(in Value value)
    {
        if (!IsObject(value) || value.AsJson.Utf8.Span.IndexOf("null"u8) < 0)
        {
            return value;
        }

        var buffer = new ArrayBufferWriter<byte>();
        WriteWithoutNulls(value.AsJson, new JsonText(buffer));
        return Value.Of(new JsonValue(buffer.WrittenMemory));
    }

    /// <summary>Writes an object without members that are null, at any depth outside lists; a list as it is.</summary>
    public static void WriteWithoutNulls(JsonValue json, JsonText text)
    {
        var reader = new Utf8JsonReader(json.Utf8.Span, ViewDepth.OfReaders);
        reader.Read();
        WriteWithoutNulls(ref reader, json.Utf8.Span, text);
    }

    private static void WriteWithoutNulls(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, JsonText text)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            text.Raw(json[start..(int)reader.BytesConsumed]);
            return;
        }

        text.Raw("{"u8);
        var first = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = (int)reader.TokenStartIndex;
            var nameEnd = (int)reader.BytesConsumed;
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
            {
                continue;
            }

            text.Raw(first ? ""u8 : ","u8);
            text.Raw(json[name..nameEnd]);
            first = false;
            WriteWithoutNulls(ref reader, json, text);
        }

        text.Raw("}"u8);
    }

    /// <summary>The value that the reader stands on, which is left at its end.</summary>
    public static Value Read(ref Utf8JsonReader reader, JsonValue json)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return Value.Of(reader.GetString()!);
            case JsonTokenType.Number:
                return Numbers.TryRead(reader.ValueSpan, out var number) ? number : default;
            case JsonTokenType.True or JsonTokenType.False:
                return Value.Of(reader.TokenType == JsonTokenType.True);
            case JsonTokenType.Null:
                return Value.Null;
            default:
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                return Value.Of(new JsonValue(json.Utf8[start..(int)reader.BytesConsumed]));
        }
    }
}
