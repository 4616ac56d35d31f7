using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Decoding;
using AkkaFeeds.Definitions.Expressions;
using CsCheck;
using Xunit;

namespace AkkaFeeds.Tests.Definitions.Expressions;

public class JsonEqualityTests
{
    private static readonly Gen<string> Leaves = Gen.OneOf(
        "1", "1.0", "10e-1", "0", "-0", "0.0", "0e99999999999", "1e-99999999999", "-1e-99999999999", "1e400", "10e399",
        "1e99999999999", "-1e99999999999", "9007199254740993", "9007199254740992.0", "9223372036854775808", "true",
        "null", "\"s\"", "\"1\"", "\"\\u00e9\"", "\"é\"", "[]", "{}");

    private static readonly Gen<string> Trees = Gen.Recursive<string>((depth, nested) => depth > 2
        ? Leaves
        : Gen.Frequency(
            (2, Leaves),
            (1, nested.Array[0, 2].Select(items => $"[{string.Join(",", items)}]")),
            (2, Gen.Select(Gen.OneOf("a", "b", "c", "é", "\\u00e9", "\\\\"), nested).Array[0, 4].Select(members =>
                $"{{{string.Join(",", members.Select(member => $"\"{member.Item1}\":{member.Item2}"))}}}"))));

    [Fact]
    public void Equality_by_content_is_that_of_a_slow_model() => Gen.Select(Trees, Trees, Gen.Int, Gen.Bool).Sample(
        (x, y, seed, isShuffled) =>
    {
        var left = Compact($"[{x}]");
        var right = isShuffled ? new JsonValue(Encoding.UTF8.GetBytes(Shuffled($"[{x}]", new Random(seed))))
            : Compact($"[{y}]");
        using var a = JsonDocument.Parse(left.Utf8);
        using var b = JsonDocument.Parse(right.Utf8);
        var expected = Same(a.RootElement, b.RootElement);
        Assert.True(expected == JsonOps.AreEqual(left, right), $"{expected}: {left} {right}");
        Assert.True(expected == JsonOps.AreEqual(right, left), $"{expected}: {right} {left}");
    }, iter: 10_000);

    [Theory]
    [InlineData("1e-99999999999", 0.0)]
    [InlineData("-12.5E-99999999999", 0.0)]
    [InlineData("0e99999999999", 0.0)]
    [InlineData("-0.00e+99999999999", 0.0)]
    [InlineData("1e-400", 0.0)]
    [InlineData("1e400", null)]
    [InlineData("-1.5e99999999999", null)]
    [InlineData("0.0001e99999999999", null)]
    public void An_exponent_of_any_length_is_read(string text, double? expected)
    {
        Assert.Equal(expected is not null, Numbers.TryRead(Encoding.UTF8.GetBytes(text), out var value));
        Assert.Equal(expected, value.HasValue ? value.AsDouble : null);
    }

    [Fact]
    public void Members_in_another_order_take_no_time_to_find()
    {
        var names = Enumerable.Range(0, 40_000).Select(index => $"\"k{index}\":0").ToArray();
        var left = Compact($"{{{string.Join(",", names)}}}");
        Array.Reverse(names);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.True(JsonOps.AreEqual(left, Compact($"{{{string.Join(",", names)}}}")));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    private static JsonValue Compact(string text) => JsonCompactor.Compact(Encoding.UTF8.GetBytes(text));

    // The same content with its members in another order and some of its numbers in another form.
    private static string Shuffled(string text, Random random)
    {
        using var document = JsonDocument.Parse(Compact(text).Utf8);
        return Write(document.RootElement);

        string Write(JsonElement element)
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.Array:
                    return $"[{string.Join(",", element.EnumerateArray().Select(Write))}]";
                case JsonValueKind.Object:
                    var members = element.EnumerateObject().Select(member =>
                        $"\"{member.Name.Replace("\\", "\\\\", StringComparison.Ordinal)}\":{Write(member.Value)}")
                        .ToArray();
                    random.Shuffle(members);
                    return $"{{{string.Join(",", members)}}}";
                default:
                    return element.GetRawText() is "1" or "1.0" && random.Next(2) == 0 ? "100e-2"
                        : element.GetRawText();
            }
        }
    }

    private static bool Same(JsonElement left, JsonElement right)
    {
        if (left.ValueKind != right.ValueKind)
        {
            return false;
        }

        switch (left.ValueKind)
        {
            case JsonValueKind.Array:
                return left.GetArrayLength() == right.GetArrayLength()
                    && left.EnumerateArray().Zip(right.EnumerateArray(), Same).All(same => same);
            case JsonValueKind.Object:
                return left.EnumerateObject().Count() == right.EnumerateObject().Count()
                    && left.EnumerateObject().All(member =>
                        right.TryGetProperty(member.Name, out var other) && Same(member.Value, other));
            case JsonValueKind.String:
                return left.GetString() == right.GetString();
            case JsonValueKind.Number:
                return SameNumbers(left.GetRawText(), right.GetRawText());
            default:
                return true;
        }
    }

    private static bool SameNumbers(string left, string right)
    {
        var (a, b) = (Number(left), Number(right));
        return a is null || b is null ? left == right : a == b;
    }

    // All numbers above are whole, or smaller than the smallest double.
    private static BigInteger? Number(string text)
    {
        if (BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            && whole >= long.MinValue && whole <= long.MaxValue)
        {
            return whole;
        }

        var number = double.Parse(text, CultureInfo.InvariantCulture);
        return double.IsFinite(number) ? new BigInteger(number) : null;
    }
}
