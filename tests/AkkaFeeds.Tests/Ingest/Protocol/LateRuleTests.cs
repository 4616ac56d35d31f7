using AkkaFeeds.Ingest.Protocol;
using CsCheck;
using Xunit;

namespace AkkaFeeds.Tests.Ingest.Protocol;

public sealed class LateRuleTests
{
    [Fact]
    public void A_record_is_late_when_it_is_older_by_more_than_is_allowed_than_the_newest_before_it()
    {
        var rule = new LateRule(10);
        Assert.Equal([false, false, true, false], new long[] { 100, 90, 89, 101 }.Select(rule.IsLate));
    }

    [Fact]
    public void Without_a_limit_nothing_is_late_and_the_newest_is_known_all_the_same()
    {
        var rule = new LateRule(null);
        Assert.False(rule.IsLate(long.MaxValue));
        Assert.False(rule.IsLate(long.MinValue));
        Assert.Equal(long.MaxValue, rule.Newest);
    }

    [Fact]
    public void Times_at_both_ends_of_64_bits_do_not_overflow()
    {
        var rule = new LateRule(10);
        Assert.False(rule.IsLate(long.MaxValue));
        Assert.True(rule.IsLate(long.MinValue));
        Assert.True(rule.IsLate(-1));
    }

    [Fact]
    public void A_reading_that_begins_anywhere_with_the_newest_before_it_decides_alike() =>
        Gen.Select(Gen.Long[0, 100].Array[1, 30], Gen.Int[0, 30], Gen.Long[0, 20]).Sample((times, at, allowed) =>
        {
            var cut = at % times.Length;
            var whole = new LateRule(allowed);
            var expected = times.Select(whole.IsLate).ToList();

            var before = new LateRule(allowed);
            foreach (var time in times[..cut])
            {
                before.IsLate(time);
            }

            var again = new LateRule(allowed);
            again.Reset(before.Newest);
            Assert.Equal(expected[cut..], times[cut..].Select(again.IsLate));
        });
}
