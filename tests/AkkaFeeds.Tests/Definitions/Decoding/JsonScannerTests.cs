using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Decoding;
using AkkaFeeds.Definitions.Expressions;
using CsCheck;
using Xunit;

namespace AkkaFeeds.Tests.Definitions.Decoding;

public class JsonScannerTests
{
    private static readonly string[] Fields = ["a", "b", "ab", "é"];
    private static readonly List<ColumnRef> Columns =
        [.. Fields.Select(field => new ColumnRef(ColumnSource.Field, field)), new(ColumnSource.Root)];
    private static readonly FieldNode Root = FieldNode.Build(Columns, _ => false);

    private static readonly Gen<string> Tokens = Gen.OneOf(
        "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "\"ab\"", "\"é\"", "\"\\u0061\"", "\"x\\\"y\"",
        "\"\\ud83d\\ude00\"", "\"\\ud800\"", "\"\\q\"", "1", "-0", "01", "1.5",
        "1e5", "1E+400", "-", "1.", ".5", "9223372036854775808", "-9223372036854775808", "12345678901234567890123",
        "true", "false", "null", "tru", " ", "\n", "\t", "\"", "\\", "\u0001");

    private static readonly Gen<string> Documents = Gen.Recursive<string>((depth, nested) => depth > 3
        ? Gen.OneOf("1", "\"s\"", "null", "-2.5e3", "\"\\n\"")
        : Gen.OneOf(
            Gen.OneOf("1", "\"s\"", "true", "null", "\"é\\u00e9\"", "1234567890123456789012", "0.1"),
            nested.Array[0, 3].Select(items => $"[{string.Join(" , ", items)}]"),
            Gen.Select(Gen.OneOf("a", "b", "ab", "é", "other", "\\u0061"), nested).Array[0, 4]
                .Select(members =>
                    $"{{{string.Join(",", members.Select(member => $"\"{member.Item1}\" :{member.Item2}"))}}}")));

    [Fact]
    public void It_accepts_and_refuses_what_System_Text_Json_does()
    {
        Tokens.Array[0, 24].Select(tokens => string.Concat(tokens))
            .Sample(text => Compare(Encoding.UTF8.GetBytes(text)), iter: 4_000);
        Gen.Select(Documents, Tokens, Gen.Int[0, 60]).Sample(
            (document, token, at) =>
                Compare(Encoding.UTF8.GetBytes(document.Insert(Math.Min(at, document.Length), token))), iter: 4_000);
        Gen.Byte.Array[0, 20].Sample(bytes => Compare([.. "{\"a\":\""u8, .. bytes, .. "\"}"u8]), iter: 4_000);
    }

    [Fact]
    public void It_finds_what_System_Text_Json_finds() => Gen.Select(Documents, Documents, Documents).Sample(
        (x, y, z) => Compare(Encoding.UTF8.GetBytes(
            $$"""{"a":{{x}}, "\u0062" : {{y}} ,"skipped":{{z}},"ab":{{z}},"é":{{x}}}""")),
        iter: 4_000);

    [Theory]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(100_000)]
    public void It_is_as_deep_as_System_Text_Json(int depth)
    {
        Compare(Encoding.UTF8.GetBytes($"{{\"a\":{new string('[', depth - 1)}{new string(']', depth - 1)}}}"));
        Compare(Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Repeat("{\"x\":", depth)) + "1" + new string('}', depth)));
    }

    [Fact]
    public void A_string_that_repeats_is_made_once()
    {
        var cache = new StringCache();
        var values = new Value[2 * Columns.Count];
        Scan("""{"a":"ATL","é":"ß"}"""u8, values.AsSpan(0, Columns.Count), cache);
        Scan("""{"a":"ATL","é":"ß"}"""u8, values.AsSpan(Columns.Count), cache);
        Assert.Same(values[0].AsString, values[Columns.Count].AsString);
        Assert.Same(values[3].AsString, values[Columns.Count + 3].AsString);
    }

    [Fact]
    public void The_cache_never_gives_another_string() => Gen.String[0, 20].Array[0, 200].Sample(texts =>
    {
        var cache = new StringCache(2);
        foreach (var text in texts)
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            Assert.Equal(Encoding.UTF8.GetString(utf8), cache.Get(utf8));
        }
    });

    private static bool Scan(ReadOnlySpan<byte> json, Span<Value> values, StringCache cache)
    {
        if (!Utf8.IsValid(json))
        {
            return false;
        }

        var scanner = new JsonScanner(json, values, cache);
        return scanner.TryRead(Root);
    }

    private static void Compare(byte[] json)
    {
        var values = new Value[Columns.Count];
        var accepted = Scan(json, values, new StringCache());
        Assert.True(IsObject(json) == accepted, $"accepted: {accepted}: {Encoding.UTF8.GetString(json)}");
        if (!accepted)
        {
            return;
        }

        using var document = JsonDocument.Parse(json);
        for (var index = 0; index < Fields.Length; index++)
        {
            var expected = document.RootElement.TryGetProperty(Fields[index], out var element);
            Assert.True(expected ? Same(element, values[index]) : values[index].Kind == ValueKind.Absent,
                $"{Fields[index]} of {Encoding.UTF8.GetString(json)}");
        }

        Assert.True(Same(document.RootElement, values[^1]), $"* of {Encoding.UTF8.GetString(json)}");
    }

    private static bool IsObject(byte[] json)
    {
        try
        {
            if (!Utf8.IsValid(json))
            {
                return false;
            }

            var reader = new Utf8JsonReader(json);
            var isObject = reader.Read() && reader.TokenType == JsonTokenType.StartObject;
            while (reader.Read())
            {
            }

            return isObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool Same(JsonElement element, in Value value)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Null:
                return value.Kind == ValueKind.Null;
            case JsonValueKind.True or JsonValueKind.False:
                return value.Kind == ValueKind.Bool && value.AsBool == element.GetBoolean();
            case JsonValueKind.String:
                return value.Kind == ValueKind.String && value.AsString == TextOf(element);
            case JsonValueKind.Number when element.GetRawText() is var raw && raw.AsSpan().IndexOfAny(".eE") < 0
                && element.TryGetInt64(out var whole):
                return value.IsLong && value.AsLong == whole;
            case JsonValueKind.Number:
                var number = element.GetDouble();
                return double.IsFinite(number) ? value.IsDouble && value.AsDouble.Equals(number)
                    : value.Kind == ValueKind.Absent;
            default:
                return value.Kind == ValueKind.Json && SameTree(element, value.AsJson);
        }
    }

    // The compact text must mean the same, and hold each name once.
    private static bool SameTree(JsonElement element, JsonValue json)
    {
        using var document = JsonDocument.Parse(json.Utf8);
        return SameElements(element, document.RootElement);
    }

    private static bool SameElements(JsonElement left, JsonElement right)
    {
        if (left.ValueKind != right.ValueKind)
        {
            return false;
        }

        return left.ValueKind switch
        {
            JsonValueKind.Array => left.GetArrayLength() == right.GetArrayLength()
                && left.EnumerateArray().Zip(right.EnumerateArray(), SameElements).All(same => same),
            JsonValueKind.Object => right.EnumerateObject().Select(member => member.Name).ToList() is var names
                && names.Count == names.Distinct().Count()
                && names.Order().SequenceEqual(left.EnumerateObject().Select(member => member.Name).Distinct().Order())
                && names.All(name => SameElements(left.GetProperty(name), right.GetProperty(name))),
            JsonValueKind.String => TextOf(left) == right.GetString(),
            _ => left.GetRawText() == right.GetRawText(),
        };
    }

    // System.Text.Json refuses to decode half a surrogate pair; here it becomes U+FFFD.
    private static string TextOf(JsonElement element) =>
        Encoding.UTF8.GetString(JsonStrings.Unescape(Encoding.UTF8.GetBytes(element.GetRawText()[1..^1])));
}
