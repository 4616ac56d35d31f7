using System.Runtime.InteropServices;
using System.Text.Json;

namespace AkkaFeeds.Definitions.Expressions;

/// <summary>
/// Equality of objects and lists by content. Records and expressions have one form, in which names and texts are equal
/// where their bytes are; a file of vectors may write them with other escapes. An object holds a name once.
/// </summary>
internal static class JsonEquality
{
    public static bool AreEqual(JsonElement left, JsonElement right)
    {
        if (left.ValueKind != right.ValueKind)
        {
            return false;
        }

        return left.ValueKind switch
        {
            JsonValueKind.Array => ListsAreEqual(left, right),
            JsonValueKind.Object => ObjectsAreEqual(left, right),
            JsonValueKind.Number => NumbersAreEqual(
                JsonMarshal.GetRawUtf8Value(left), JsonMarshal.GetRawUtf8Value(right)),
            JsonValueKind.String => TextsAreEqual(left, right),
            _ => true,
        };
    }

    private static bool ListsAreEqual(JsonElement left, JsonElement right)
    {
        if (left.GetArrayLength() != right.GetArrayLength())
        {
            return false;
        }

        var others = right.EnumerateArray();
        foreach (var item in left.EnumerateArray())
        {
            others.MoveNext();
            if (!AreEqual(item, others.Current))
            {
                return false;
            }
        }

        return true;
    }

    private static bool ObjectsAreEqual(JsonElement left, JsonElement right)
    {
        if (left.GetPropertyCount() != right.GetPropertyCount())
        {
            return false;
        }

        // Mostly the members have one order; from the first that has another place on they are looked up, in a table,
        // since an object may have as many as a record has room for.
        Dictionary<string, JsonElement>? rest = null;
        var others = right.EnumerateObject();
        foreach (var member in left.EnumerateObject())
        {
            JsonElement other;
            if (rest is null && others.MoveNext())
            {
                other = others.Current.Value;
                if (!JsonMarshal.GetRawUtf8PropertyName(member)
                    .SequenceEqual(JsonMarshal.GetRawUtf8PropertyName(others.Current)))
                {
                    rest = RestOf(others);
                }
            }
            else
            {
                other = default;
            }

            if ((rest is not null && !rest.TryGetValue(member.Name, out other)) || !AreEqual(member.Value, other))
            {
                return false;
            }
        }

        return true;
    }

    private static Dictionary<string, JsonElement> RestOf(JsonElement.ObjectEnumerator members)
    {
        var rest = new Dictionary<string, JsonElement>();
        do
        {
            rest[members.Current.Name] = members.Current.Value;
        }
        while (members.MoveNext());
        return rest;
    }

    private static bool TextsAreEqual(JsonElement left, JsonElement right)
    {
        var raw = JsonMarshal.GetRawUtf8Value(left);
        var other = JsonMarshal.GetRawUtf8Value(right);
        return raw.SequenceEqual(other)
            || ((raw.Contains((byte)'\\') || other.Contains((byte)'\\')) && left.GetString() == right.GetString());
    }

    // What no double holds has no value, but it is still the same as itself.
    private static bool NumbersAreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        left.SequenceEqual(right)
        || (Numbers.TryRead(left, out var x) && Numbers.TryRead(right, out var y)
            && Comparison.CompareNumbers(x, y) == 0);
}
