using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AkkaFeeds.Harness;

/// <summary>
/// A view as a client holds it: members by name, down to leaves, each leaf in one canonical spelling; so that two
/// views are equal exactly when their texts are.
/// </summary>
public sealed class HeldView
{
    private readonly SortedDictionary<string, object> members = new(StringComparer.Ordinal);

    private HeldView()
    {
    }

    /// <summary>The names of its fields.</summary>
    public IReadOnlyCollection<string> Names => members.Keys;

    /// <summary>The whole view in its canonical spelling.</summary>
    public string Text
    {
        get
        {
            var text = new StringBuilder();
            Write(members, text);
            return text.ToString();
        }
    }

    /// <summary>A view that came whole.</summary>
    public static HeldView Of(JsonElement whole)
    {
        var view = new HeldView();
        view.Apply(whole);
        return view;
    }

    /// <summary>A copy that later patches do not reach.</summary>
    public HeldView Copy()
    {
        var copy = new HeldView();
        foreach (var (name, value) in members)
        {
            copy.members[name] = CopyOf(value);
        }

        return copy;
    }

    /// <summary>Applies a JSON Merge Patch.</summary>
    public void Apply(JsonElement patch) => Merge(members, patch);

    /// <summary>The canonical spelling of a field; null where the view lacks it.</summary>
    public string? TextOf(string field)
    {
        if (!members.TryGetValue(field, out var value))
        {
            return null;
        }

        var text = new StringBuilder();
        Write(value, text);
        return text.ToString();
    }

    /// <summary>One spelling for equal values: members sorted, numbers by value.</summary>
    public static string Canonical(JsonElement value)
    {
        var text = new StringBuilder();
        Write(value, text);
        return text.ToString();
    }

    /// <summary>The path of the first null that is not inside an array; null where there is none.</summary>
    public static string? FindNull(JsonElement value, string path = "")
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return path;
        }

        return value.ValueKind != JsonValueKind.Object ? null
            : value.EnumerateObject().Select(member => FindNull(member.Value, $"{path}/{member.Name}"))
                .FirstOrDefault(found => found is not null);
    }

    private static void Merge(SortedDictionary<string, object> target, JsonElement patch)
    {
        foreach (var member in patch.EnumerateObject())
        {
            switch (member.Value.ValueKind)
            {
                case JsonValueKind.Null:
                    target.Remove(member.Name);
                    break;
                case JsonValueKind.Object:
                    var below = target.GetValueOrDefault(member.Name) as SortedDictionary<string, object>
                        ?? new(StringComparer.Ordinal);
                    Merge(below, member.Value);
                    target[member.Name] = below;
                    break;
                default:
                    target[member.Name] = Canonical(member.Value);
                    break;
            }
        }
    }

    private static object CopyOf(object value)
    {
        if (value is not SortedDictionary<string, object> below)
        {
            return value;
        }

        var copy = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var (name, member) in below)
        {
            copy[name] = CopyOf(member);
        }

        return copy;
    }

    private static void Write(object value, StringBuilder text)
    {
        if (value is not SortedDictionary<string, object> below)
        {
            text.Append((string)value);
            return;
        }

        var separator = '{';
        foreach (var (name, member) in below)
        {
            text.Append(separator).Append(JsonSerializer.Serialize(name)).Append(':');
            Write(member, text);
            separator = ',';
        }

        text.Append(below.Count == 0 ? "{}" : "}");
    }

    private static void Write(JsonElement value, StringBuilder text)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    text.Append(text[^1] == '{' ? "" : ",").Append(JsonSerializer.Serialize(member.Name)).Append(':');
                    Write(member.Value, text);
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[').AppendJoin(',', value.EnumerateArray().Select(Canonical)).Append(']');
                break;
            case JsonValueKind.String:
                text.Append(JsonSerializer.Serialize(value.GetString()));
                break;
            case JsonValueKind.Number:
                text.Append(NumberText(value));
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private static string NumberText(JsonElement value)
    {
        if (value.TryGetInt64(out var whole))
        {
            return whole.ToString(CultureInfo.InvariantCulture);
        }

        var number = value.GetDouble();
        return number == Math.Floor(number) && Math.Abs(number) < 9e18
            ? ((long)number).ToString(CultureInfo.InvariantCulture)
            : number.ToString("R", CultureInfo.InvariantCulture);
    }
}
