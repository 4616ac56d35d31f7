using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AkkaFeeds.Harness;

/// <summary>
/// The part of JSON Schema that describes frames. A keyword that it does not know is refused when the schema is read,
/// so that nothing is left unchecked in silence.
/// </summary>
public sealed class FrameSchema
{
    private static readonly HashSet<string> Annotations =
    [
        "$schema", "$id", "$defs", "$comment", "title", "description", "examples", "default", "format",
        "definitions", "discriminator", "deprecated", "readOnly",
    ];

    private readonly JsonElement root;
    private readonly Dictionary<string, JsonElement> references = [];
    private readonly Dictionary<string, Regex> patterns = [];

    private FrameSchema(JsonElement root) => this.root = root;

    /// <summary>Reads a schema.</summary>
    /// <exception cref="NotSupportedException">It uses a keyword that this evaluator does not know.</exception>
    public static FrameSchema Parse(string text) => new(JsonDocument.Parse(text).RootElement.Clone());

    /// <summary>What does not fit; null where all does.</summary>
    public string? Find(JsonElement value)
    {
        lock (patterns)
        {
            return Find(root, value, "");
        }
    }

    /// <summary>What does not fit one definition of the schema.</summary>
    public string? Find(string reference, JsonElement value)
    {
        lock (patterns)
        {
            return Find(Referenced(reference), value, "");
        }
    }

    private string? Find(JsonElement schema, JsonElement value, string path)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return schema.ValueKind == JsonValueKind.True ? null : $"{path}: nothing may stand here";
        }

        foreach (var keyword in schema.EnumerateObject())
        {
            if (Annotations.Contains(keyword.Name))
            {
                continue;
            }

            if (Of(keyword.Name, keyword.Value, schema, value, path) is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    private string? Of(string keyword, JsonElement rule, JsonElement schema, JsonElement value, string path) =>
        keyword switch
        {
            "$ref" => Find(Referenced(rule.GetString()!), value, path),
            "allOf" => rule.EnumerateArray().Select(each => Find(each, value, path)).FirstOrDefault(IsWrong),
            "anyOf" => Any(rule, value, path, atMost: int.MaxValue),
            "oneOf" => Any(rule, value, path, atMost: 1),
            "not" => Say(Find(rule, value, path) is not null, path, $"fits what it must not"),
            "if" => Conditional(rule, schema, value, path),
            "then" or "else" => null,
            "type" => Say(
                (rule.ValueKind == JsonValueKind.Array ? rule.EnumerateArray() : Enumerable.Repeat(rule, 1))
                    .Any(type => IsOf(type.GetString()!, value)), path, $"{value} is not of type {rule}"),
            "const" => Say(JsonElement.DeepEquals(rule, value), path, $"{value} is not {rule}"),
            "enum" => Say(
                rule.EnumerateArray().Any(each => JsonElement.DeepEquals(each, value)), path,
                $"{value} is none of {rule}"),
            _ => value.ValueKind switch
            {
                JsonValueKind.Object => OfObject(keyword, rule, schema, value, path),
                JsonValueKind.Array => OfArray(keyword, rule, value, path),
                JsonValueKind.String => OfString(keyword, rule, value.GetString()!, path),
                JsonValueKind.Number => OfNumber(keyword, rule, value.GetDouble(), path),
                _ => Known(keyword),
            },
        };

    private string? OfObject(string keyword, JsonElement rule, JsonElement schema, JsonElement value, string path) =>
        keyword switch
        {
            "properties" => rule.EnumerateObject()
                .Select(each => value.TryGetProperty(each.Name, out var member)
                    ? Find(each.Value, member, $"{path}/{each.Name}") : null).FirstOrDefault(IsWrong),
            "required" => rule.EnumerateArray()
                .Select(each => Say(value.TryGetProperty(each.GetString()!, out _), path, $"{each} is missing"))
                .FirstOrDefault(IsWrong),
            "patternProperties" => rule.EnumerateObject()
                .SelectMany(each => value.EnumerateObject().Where(member => Matches(each.Name, member.Name))
                    .Select(member => Find(each.Value, member.Value, $"{path}/{member.Name}")))
                .FirstOrDefault(IsWrong),
            "additionalProperties" => value.EnumerateObject().Where(member => !IsNamed(schema, member.Name))
                .Select(member => Find(rule, member.Value, $"{path}/{member.Name}")).FirstOrDefault(IsWrong),
            "propertyNames" => value.EnumerateObject()
                .Select(member => Find(rule, JsonSerializer.SerializeToElement(member.Name), $"{path}/{member.Name}"))
                .FirstOrDefault(IsWrong),
            "minProperties" => Say(value.EnumerateObject().Count() >= rule.GetInt32(), path, $"has too few members"),
            "maxProperties" => Say(value.EnumerateObject().Count() <= rule.GetInt32(), path, $"has too many members"),
            _ => Known(keyword),
        };

    private string? OfArray(string keyword, JsonElement rule, JsonElement value, string path) => keyword switch
    {
        "items" => value.EnumerateArray().Select((each, index) => Find(rule, each, $"{path}/{index}"))
            .FirstOrDefault(IsWrong),
        "minItems" => Say(value.GetArrayLength() >= rule.GetInt32(), path, $"has too few items"),
        "maxItems" => Say(value.GetArrayLength() <= rule.GetInt32(), path, $"has too many items"),
        "uniqueItems" => Say(
            value.EnumerateArray().DistinctBy(HeldView.Canonical).Count() == value.GetArrayLength(), path, $"repeats"),
        _ => Known(keyword),
    };

    private string? OfString(string keyword, JsonElement rule, string value, string path) => keyword switch
    {
        "pattern" => Say(Matches(rule.GetString()!, value), path, $"{value} does not match {rule}"),
        "minLength" => Say(value.Length >= rule.GetInt32(), path, $"is too short"),
        "maxLength" => Say(value.Length <= rule.GetInt32(), path, $"is too long"),
        _ => Known(keyword),
    };

    private static string? OfNumber(string keyword, JsonElement rule, double value, string path) => keyword switch
    {
        "minimum" => Say(value >= rule.GetDouble(), path, $"{value} is below {rule}"),
        "maximum" => Say(value <= rule.GetDouble(), path, $"{value} is above {rule}"),
        "exclusiveMinimum" => Say(value > rule.GetDouble(), path, $"{value} is not above {rule}"),
        "exclusiveMaximum" => Say(value < rule.GetDouble(), path, $"{value} is not below {rule}"),
        _ => Known(keyword),
    };

    private string? Any(JsonElement rule, JsonElement value, string path, int atMost)
    {
        var wrongs = rule.EnumerateArray().Select(each => Find(each, value, path)).ToList();
        var fitting = wrongs.Count(wrong => wrong is null);
        return fitting >= 1 && fitting <= atMost ? null
            : $"{path}: {fitting} of {wrongs.Count} forms fit: {string.Join("; ", wrongs.Where(IsWrong).Take(20))}";
    }

    private string? Conditional(JsonElement rule, JsonElement schema, JsonElement value, string path) =>
        schema.TryGetProperty(Find(rule, value, path) is null ? "then" : "else", out var branch)
            ? Find(branch, value, path) : null;

    private JsonElement Referenced(string reference)
    {
        if (!references.TryGetValue(reference, out var found))
        {
            found = reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries)
                .Aggregate(root, (at, name) => at.GetProperty(name));
            references.Add(reference, found);
        }

        return found;
    }

    private bool IsNamed(JsonElement schema, string name) =>
        (schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out _))
        || (schema.TryGetProperty("patternProperties", out var byPattern)
            && byPattern.EnumerateObject().Any(each => Matches(each.Name, name)));

    private bool Matches(string pattern, string text)
    {
        if (!patterns.TryGetValue(pattern, out var regex))
        {
            patterns.Add(pattern, regex = new(pattern, RegexOptions.CultureInvariant));
        }

        return regex.IsMatch(text);
    }

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "integer" => value.ValueKind == JsonValueKind.Number && value.GetDouble() == Math.Floor(value.GetDouble()),
        "number" => value.ValueKind == JsonValueKind.Number,
        _ => throw new NotSupportedException(string.Create(CultureInfo.InvariantCulture, $"type {type}")),
    };

    private static bool IsWrong(string? wrong) => wrong is not null;

    // What is wrong is spelled out only where something is.
    private static string? Say(bool fits, string path, FormattableString wrong) =>
        fits ? null : $"{path} {FormattableString.Invariant(wrong)}";

    // A keyword for another type than the value's says nothing; one that nobody knows must not be passed over.
    private static string? Known(string keyword) => keyword switch
    {
        "properties" or "required" or "patternProperties" or "additionalProperties" or "propertyNames"
            or "minProperties" or "maxProperties" or "items" or "minItems" or "maxItems" or "uniqueItems" or "pattern"
            or "minLength" or "maxLength" or "minimum" or "maximum" or "exclusiveMinimum"
            or "exclusiveMaximum" => null,
        _ => throw new NotSupportedException($"the keyword {keyword} is not known"),
    };
}
