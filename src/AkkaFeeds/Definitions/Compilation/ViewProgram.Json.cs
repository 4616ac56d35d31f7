using System.Buffers;
using System.Text.Json;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Expressions;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Definitions.Compilation;

/// <summary>States as clients see them.</summary>
internal sealed partial class ViewProgram
{
    /// <summary>Writes the whole view as one JSON object without nulls.</summary>
    public void WriteView(KeyState state, IBufferWriter<byte> output) =>
        Write(state, FieldSet.UpTo(fields.Length), output);

    /// <summary>Writes some fields of the view; of <c>"*"</c> all of the record's or none.</summary>
    /// <param name="state">The key's state.</param>
    /// <param name="wanted">The fields.</param>
    /// <param name="output">Takes the object.</param>
    /// <param name="absent">Takes the names of those wanted that have no value; null where nobody asks.</param>
    public void Write(
        KeyState state, in FieldSet wanted, IBufferWriter<byte> output, ICollection<string>? absent = null)
    {
        var text = new JsonText(output);
        var derived = HasDerived(wanted) ? Derive(state) : [];
        text.Raw("{"u8);
        var first = true;
        for (var index = 0; index < fields.Length; index++)
        {
            var field = fields[index];
            if (!wanted.Contains(index) || field.IsStar)
            {
                continue;
            }

            var prefix = first ? field.Prefix.AsSpan(1) : field.Prefix;
            var isShown = field.Aggregate is { } aggregate
                ? aggregate.TryWrite(state, text, prefix)
                : TryWrite(derived[index], text, prefix);
            first &= !isShown;
            if (!isShown)
            {
                absent?.Add(field.Name);
            }
        }

        if (star >= 0 && wanted.Contains(star)
            && fields[star].Aggregate!.Read(state) is { Kind: ValueKind.Json } record)
        {
            WriteStar(record.AsJson, text, first);
        }

        text.Raw("}"u8);
    }

    /// <summary>
    /// The set of some fields; false with the first name that is not one. A view with <c>"*"</c> has any.
    /// </summary>
    public bool TrySelect(IEnumerable<string> names, out FieldSet selected, out string unknown)
    {
        selected = default;
        unknown = "";
        foreach (var name in names)
        {
            var index = IndexOf(name);
            if (index < 0)
            {
                unknown = name;
                return false;
            }

            selected.Add(index);
        }

        return true;
    }

    /// <summary>Whether the view shows records as they are, so that which fields it has is not known before.</summary>
    public bool HasStar => star >= 0;

    private static bool TryWrite(in Value value, JsonText text, ReadOnlySpan<byte> prefix)
    {
        if (!value.HasValue)
        {
            return false;
        }

        text.Raw(prefix);
        text.Shown(value);
        return true;
    }

    private bool HasDerived(in FieldSet wanted)
    {
        foreach (var index in derivedOrder)
        {
            if (wanted.Contains(index))
            {
                return true;
            }
        }

        return false;
    }

    // The record's own fields, beside those of the definition, which have the right of way.
    private void WriteStar(JsonValue record, JsonText text, bool first)
    {
        var reader = new Utf8JsonReader(record.Utf8.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var value = JsonOps.Read(ref reader, record);
            if (!value.HasValue || IndexOf(name) >= 0)
            {
                continue;
            }

            text.Raw(first ? ""u8 : ","u8);
            text.String(name);
            text.Raw(":"u8);
            text.Shown(value);
            first = false;
        }
    }
}
