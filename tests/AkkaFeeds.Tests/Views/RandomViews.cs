using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaFeeds.Contracts;
using CsCheck;

namespace AkkaFeeds.Tests.Views;

/// <summary>Views of few names, so that two of them touch each other in every way: shapes change, names go and come
/// back.</summary>
internal static class RandomViews
{
    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly string[] Names = ["a", "b", "__proto__", "é\"\\", "\n😀", ""];

    private static readonly Gen<string> Name = Gen.Int[0, Names.Length - 1].Select(index => Names[index]);

    private static readonly string[] Leaves =
    [
        "0", "1", "2", "\"x\"", "\"Ünï\\\"\"", "true", "1.5e300", "[1,null,{\"b\":1}]", "[]", "{}", "{}",
    ];

    private static readonly Gen<string> Leaf = Gen.Int[0, Leaves.Length - 1].Select(index => Leaves[index]);

    /// <summary>Objects of few members, three levels deep.</summary>
    public static Gen<JsonObject> Any { get; } = ObjectOf(3).Select(text => JsonNode.Parse(text)!.AsObject());

    /// <summary>The tree of a view.</summary>
    public static ViewNode Tree(JsonObject view, ViewNode? like = null) => ViewNode.Parse(Bytes(view), like);

    /// <summary>Its text as the engine would write it.</summary>
    public static byte[] Bytes(JsonNode view) => Encoding.UTF8.GetBytes(view.ToJsonString(Relaxed));

    /// <summary>What a writer wrote, read again.</summary>
    public static JsonNode? Read(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return JsonNode.Parse(output.WrittenSpan);
    }

    /// <summary>RFC 7396, as it is written there.</summary>
    public static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject members)
        {
            return patch?.DeepClone();
        }

        var result = target is JsonObject known ? known.DeepClone().AsObject() : [];
        foreach (var (name, value) in members)
        {
            if (value is null)
            {
                result.Remove(name);
            }
            else
            {
                result[name] = Merge(result[name], value);
            }
        }

        return result;
    }

    /// <summary>Some members of an object.</summary>
    public static JsonObject Project(JsonObject view, FieldSelection? fields) => fields is null
        ? view
        : new JsonObject(view.Where(member => fields.Contains(member.Key))
            .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));

    /// <summary>Some of the names; null for all.</summary>
    public static Gen<FieldSelection?> Fields { get; } = Gen.OneOf(
        Gen.Const((FieldSelection?)null),
        Name.Array[1, 3].Select(names => (FieldSelection?)new FieldSelection(names)));

    private static Gen<string> ObjectOf(int depth)
    {
        var value = depth == 1 ? Leaf : Gen.Frequency((2, Leaf), (1, ObjectOf(depth - 1)));
        return Gen.Select(Name, value).Array[0, 4].Select(members => "{" + string.Join(
            ',', members.DistinctBy(member => member.Item1)
                .Select(member => $"{JsonSerializer.Serialize(member.Item1, Relaxed)}:{member.Item2}")) + "}");
    }
}
