using System.Text.Json;
using Json.Schema;

namespace AkkaFeeds.Harness;

/// <summary>
/// The JSON Schema of the frames (draft 2020-12), read by JsonSchema.Net (ADR 14). A keyword that the draft does not
/// have is refused, so that nothing is left unchecked in silence. Any thread.
/// </summary>
public sealed class FrameSchema
{
    private const int NamedMax = 20;

    // Schemas refer to each other by addresses, which nobody asks.
    private static readonly Uri Home = new("https://schema.invalid/");
    private static readonly EvaluationOptions Whether = new() { OutputFormat = OutputFormat.Flag };
    private static readonly EvaluationOptions Where = new() { OutputFormat = OutputFormat.List };

    private readonly BuildOptions options = new() { SchemaRegistry = new() };
    private readonly Dictionary<string, JsonSchema> definitions = new(StringComparer.Ordinal);
    private readonly JsonSchema root;

    private FrameSchema(string text) => root = JsonSchema.FromText(text, options, Home);

    /// <summary>Reads a schema.</summary>
    /// <exception cref="JsonSchemaException">It uses a keyword that its draft does not have.</exception>
    public static FrameSchema Parse(string text) => new(text);

    /// <summary>What does not fit; null where all does.</summary>
    public string? Find(JsonElement value) => Find("#", value);

    /// <summary>What does not fit one definition of the schema, <c>#/$defs/NAME</c>.</summary>
    public string? Find(string reference, JsonElement value)
    {
        lock (definitions)
        {
            var schema = DefinitionOf(reference);
            return schema.Evaluate(value, Whether).IsValid ? null : Describe(schema.Evaluate(value, Where));
        }
    }

    private static string Describe(EvaluationResults results) => string.Join("; ", (results.Details ?? [])
        .SelectMany(detail => (detail.Errors ?? []).Select(
            error => $"{detail.InstanceLocation} {error.Key}: {error.Value}"))
        .Take(NamedMax));

    private JsonSchema DefinitionOf(string reference)
    {
        if (!definitions.TryGetValue(reference, out var schema))
        {
            schema = reference == "#" ? root : JsonSchema.FromText(
                $$"""{ "$ref": "{{root.BaseUri}}{{reference}}" }""", options, new Uri(Home, $"{definitions.Count}"));
            definitions.Add(reference, schema);
        }

        return schema;
    }
}
