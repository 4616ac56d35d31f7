using System.Text.Json;
using AkkaFeeds.Harness;
using Json.Schema;
using Xunit;

namespace AkkaFeeds.Tests.Harness.Frames;

public sealed class FrameSchemaTests
{
    private const string Forms = """
        {
          "oneOf": [ { "$ref": "#/$defs/mark" }, { "$ref": "#/$defs/view" } ],
          "$defs": {
            "mark": {
              "type": "object", "properties": { "op": { "const": "mark" }, "mark": { "type": "integer", "minimum": 1 } },
              "required": ["op", "mark"], "additionalProperties": false
            },
            "view": {
              "type": "object", "required": ["op", "pos"],
              "properties": {
                "op": { "enum": ["view"] }, "data": { "type": ["object", "null"] },
                "pos": { "patternProperties": { "^[0-9]+$": { "type": "integer" } }, "additionalProperties": false },
                "order": { "type": "array", "items": { "type": "string", "minLength": 1 }, "uniqueItems": true }
              }
            }
          }
        }
        """;

    [Theory]
    [InlineData("""{"op":"mark","mark":1}""", true)]
    [InlineData("""{"op":"mark","mark":0}""", false)]
    [InlineData("""{"op":"mark","mark":1.5}""", false)]
    [InlineData("""{"op":"mark","mark":1,"more":1}""", false)]
    [InlineData("""{"op":"mark"}""", false)]
    [InlineData("""{"op":"view","pos":{"0":1},"data":null,"order":["a","b"]}""", true)]
    [InlineData("""{"op":"view","pos":{"x":1}}""", false)]
    [InlineData("""{"op":"view","pos":{"0":"1"}}""", false)]
    [InlineData("""{"op":"view","pos":{},"data":[]}""", false)]
    [InlineData("""{"op":"view","pos":{},"order":["a","a"]}""", false)]
    [InlineData("""{"op":"view","pos":{},"order":[""]}""", false)]
    [InlineData("[]", false)]
    public void Only_what_the_schema_describes_fits(string frame, bool fits)
    {
        using var document = JsonDocument.Parse(frame);
        Assert.Equal(fits, FrameSchema.Parse(Forms).Find(document.RootElement) is null);
    }

    [Fact]
    public void A_keyword_that_is_not_known_is_refused()
    {
        var refused = Assert.Throws<JsonSchemaException>(() => FrameSchema.Parse("""{"requires":["op"]}"""));
        Assert.Contains("requires", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_of_the_project_describes_all_frames_of_both_sides()
    {
        var schema = FrameSchema.Parse(File.ReadAllText(
            Path.Combine(ServerBinary.Root, "src", "akkafeeds-js", "schema.json")));
        foreach (var each in ModelServer.Record(1).Where(each => each.Text.Length > 0))
        {
            using var document = JsonDocument.Parse(each.Text);
            var side = each.Kind == FrameEventKind.Sent ? "fromClient" : "fromServer";
            var wrong = schema.Find($"#/$defs/{side}", document.RootElement);
            Assert.True(wrong is null, $"{each.Text}: {wrong}");
        }
    }
}
