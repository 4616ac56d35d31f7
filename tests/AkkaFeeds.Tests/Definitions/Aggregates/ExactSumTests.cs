using System.Buffers;
using System.Numerics;
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
        var exact = terms.Aggregate(BigInteger.Zero, (total, term) => total + Units(term));
        var shown = sum.Rounded();
        var distance = BigInteger.Abs(exact - Units(shown));
        foreach (var neighbour in (double[])[Math.BitIncrement(shown), Math.BitDecrement(shown)])
        {
            var other = BigInteger.Abs(exact - Units(neighbour));
            Assert.True(distance < other || (distance == other && (BitConverter.DoubleToInt64Bits(shown) & 1) == 0));
        }
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
