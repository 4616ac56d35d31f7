using System.Diagnostics;
using System.Text;
using System.Text.Json;
using AkkaFeeds.Definitions.Decoding;
using CsCheck;
using Xunit;

namespace AkkaFeeds.Tests.Definitions.Decoding;

public class JsonCompactorTests
{
    private static readonly Gen<string> Leaves = Gen.OneOf("1", "2.50", "\"s\"", "null", "true", "[]", "{ }", "1e400");

    private static readonly Gen<string> Trees = Gen.Recursive<string>((depth, nested) => depth > 2
        ? Leaves
        : Gen.Frequency(
            (1, Leaves),
            (1, nested.Array[0, 3].Select(items => $"[{string.Join(" , ", items)}]")),
            (2, Objects(nested, 4, 8)),
            (1, Objects(Gen.Frequency((9, Leaves), (1, nested)), 70, 90))));

    [Fact]
    public void Of_members_with_one_name_the_last_stands_in_its_own_place() => Trees.Sample(
        text =>
    {
        using var document = JsonDocument.Parse(text);
        Assert.Equal(Model(document.RootElement), Compact(text));
    }, iter: 3_000);

    [Theory]
    [InlineData(47_000, 1)]
    [InlineData(23_000, 23_000)]
    [InlineData(2, 90_000)]
    public void A_megabyte_of_names_that_come_again_takes_no_time(int first, int again)
    {
        var names = Enumerable.Range(0, first).Concat(Enumerable.Range(0, again).Select(index => index % first));
        var text = $"{{{string.Join(",", names.Select(name => $"\"k{name}\":0"))}}}";
        var clock = Stopwatch.StartNew();
        var compact = Compact(text);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        using var document = JsonDocument.Parse(compact);
        Assert.Equal(first, document.RootElement.EnumerateObject().Count());
    }

    private static Gen<string> Objects(Gen<string> values, int names, int members) => Gen.Select(
        Gen.OneOf(
            Gen.Int[0, names].Select(index => $"n{index}"), Gen.OneOf("a", "\\u0061", "é", "\\u00e9", "\\\"")),
        values).Array[0, members].Select(pairs =>
            $"{{ {string.Join(" , ", pairs.Select(pair => $"\"{pair.Item1}\" : {pair.Item2}"))} }}");

    private static string Compact(string text) =>
        Encoding.UTF8.GetString(JsonCompactor.Compact(Encoding.UTF8.GetBytes(text)).Utf8.Span);

    // Slow and plain: a member that comes again takes the earlier one away and stands at the end.
    private static string Model(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                return $"[{string.Join(",", element.EnumerateArray().Select(Model))}]";
            case JsonValueKind.Object:
                var members = new List<(string Name, string Value)>();
                foreach (var member in element.EnumerateObject())
                {
                    members.RemoveAll(other => other.Name == member.Name);
                    members.Add((member.Name, Model(member.Value)));
                }

                return $"{{{string.Join(",", members.Select(member =>
                    $"\"{member.Name.Replace("\"", "\\\"", StringComparison.Ordinal)}\":{member.Value}"))}}}";
            default:
                return element.GetRawText();
        }
    }
}
