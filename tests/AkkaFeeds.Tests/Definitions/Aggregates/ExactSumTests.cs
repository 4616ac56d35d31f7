using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using AkkaFeeds.Definitions.Aggregates;
using AkkaFeeds.Slots.Keys;
using CsCheck;
using Xunit;

namespace AkkaFeeds.Tests.Definitions.Aggregates;

public class ExactSumTests
{
    private static readonly Gen<double> Terms = Gen.Frequency(
        (4, Gen.Double[-1e6, 1e6]),
        (2, Gen.Double.Where(number => double.IsFinite(number) && Math.Abs(number) < 1e300)),
        (1, Gen.OneOf(0.1, -0.1, 1e100, -1e100, 1, -1, double.Epsilon, 9007199254740992, 0.5)));

    [Fact]
    public void The_sum_is_rounded_once() => Terms.Array[0, 40].Sample(terms =>
    {
        var sum = new ExactSum();
        Assert.All(terms, term => Assert.True(sum.TryAdd(term)));
        Assert.True(IsNearest(
            terms.Aggregate(BigInteger.Zero, (total, term) => total + Units(term)), sum.Rounded()));
    });

    [Fact]
    public void Neither_shown_nor_encoded_form_depends_on_the_order() => Gen.Select(Terms.Array[0, 30], Gen.Int)
        .Sample((terms, seed) =>
    {
        var shuffled = terms.ToArray();
        new Random(seed).Shuffle(shuffled);
        Assert.Equal(Encode(terms), Encode(shuffled));
    });

    [Fact]
    public void Whole_numbers_are_added_exactly() => Gen.Long.Array[1, 10].Sample(terms =>
    {
        var sum = new ExactSum();
        var wide = new ExactSum();
        foreach (var term in terms)
        {
            sum.Add(term);
            wide.Add((Int128)term);
        }

        var exact = terms.Aggregate(BigInteger.Zero, (total, term) => total + term);
        Assert.Equal((double)(Int128)exact, sum.Rounded());
        Assert.Equal(sum.Rounded(), wide.Rounded());
    });

    [Fact]
    public void A_term_that_leaves_the_range_is_refused_and_changes_nothing()
    {
        var sum = new ExactSum();
        Assert.True(sum.TryAdd(double.MaxValue));
        Assert.False(sum.TryAdd(double.MaxValue));
        Assert.Equal(double.MaxValue, sum.Rounded());
    }

    [Fact]
    public void A_rising_series_whose_every_term_leaves_an_error_is_summed_exactly()
    {
        var terms = Enumerable.Range(-37, 75)
            .Select(step => Math.ScaleB(1 + Math.ScaleB(1, -52), 27 * step)).ToArray();
        var risen = Encode(terms);
        Assert.True(IsNearest(terms.Aggregate(BigInteger.Zero, (total, term) => total + Units(term)), Sum(terms)));
        Array.Reverse(terms);
        Assert.Equal(risen, Encode(terms));
    }

    [Fact]
    public void Hundreds_of_terms_of_all_magnitudes_are_summed_exactly_in_any_order() => Gen.Select(
        Gen.Select(Gen.Double[1, 2], Gen.Int[-1074, 1000], Gen.Bool).Array[200, 700], Gen.Int[0, 3]).Sample(
        (parts, order) =>
    {
        // Half of the arrays have terms of few bits, which overlap least.
        var terms = parts.Select(part => Math.ScaleB(
            order % 2 == 0 ? part.Item1 : 1 + Math.ScaleB(1, -52), part.Item2) * (part.Item3 ? -1 : 1)).ToArray();
        var mixed = Encode(terms);
        Assert.True(IsNearest(terms.Aggregate(BigInteger.Zero, (total, term) => total + Units(term)), Sum(terms)));
        var rising = terms.OrderBy(Math.Abs).ToArray();
        Assert.Equal(mixed, Encode(rising));
        Array.Reverse(rising);
        Assert.Equal(mixed, Encode(rising));
    }, iter: 300);

    [Fact]
    public void Records_of_three_hundred_magnitudes_are_folded_by_all_that_keep_sums()
    {
        var bench = new FeedBench(FeedBench.Define(("s", "sum(x)"), ("a", "avg(x)"), ("t", "top('all', 1, x)")));
        var exact = BigInteger.Zero;
        for (var power = -150; power < 150; power++)
        {
            var text = $"1e{power}";
            exact += Units(double.Parse(text, CultureInfo.InvariantCulture));
            Assert.Equal("applied", bench.Add($$"""{"x":{{text}}}""", offset: power + 150));
        }

        using var view = JsonDocument.Parse(bench.View());
        var sum = view.RootElement.GetProperty("s").GetDouble();
        Assert.True(IsNearest(exact, sum));
        Assert.Equal(sum / 300, view.RootElement.GetProperty("a").GetDouble());
        Assert.Equal(sum, view.RootElement.GetProperty("t").GetProperty("all").GetDouble());
        bench.PassThroughBytes();
        Assert.Equal(view.RootElement.GetRawText(), bench.View());
    }

    private static double Sum(double[] terms)
    {
        var sum = new ExactSum();
        Assert.All(terms, term => Assert.True(sum.TryAdd(term)));
        return sum.Rounded();
    }

    private static bool IsNearest(BigInteger exact, double shown)
    {
        var distance = BigInteger.Abs(exact - Units(shown));
        return ((double[])[Math.BitIncrement(shown), Math.BitDecrement(shown)])
            .Select(neighbour => BigInteger.Abs(exact - Units(neighbour)))
            .All(other => distance < other
                || (distance == other && (BitConverter.DoubleToInt64Bits(shown) & 1) == 0));
    }

    private static byte[] Encode(double[] terms)
    {
        var sum = new ExactSum();
        foreach (var term in terms)
        {
            sum.TryAdd(term);
        }

        var buffer = new ArrayBufferWriter<byte>();
        sum.Encode(new StateWriter(buffer));
        var reader = new StateReader(buffer.WrittenSpan);
        Assert.Equal(sum.Rounded(), ExactSum.Decode(ref reader).Rounded());
        return buffer.WrittenSpan.ToArray();
    }

    // A double as a whole number of the smallest unit there is.
    private static BigInteger Units(double number)
    {
        var bits = BitConverter.DoubleToInt64Bits(number);
        var exponent = (int)((bits >> 52) & 0x7ff);
        var mantissa = bits & 0xfffffffffffff;
        var units = exponent == 0 ? mantissa : (BigInteger)(mantissa | (1L << 52)) << (exponent - 1);
        return bits < 0 ? -units : units;
    }
}
