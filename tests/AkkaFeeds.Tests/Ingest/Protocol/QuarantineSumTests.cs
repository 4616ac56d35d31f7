using AkkaFeeds.Contracts;
using AkkaFeeds.Ingest.Protocol;
using Xunit;

namespace AkkaFeeds.Tests.Ingest.Protocol;

public sealed class QuarantineSumTests
{
    [Fact]
    public void Records_are_counted_by_reason_and_late_ones_are_not()
    {
        var sum = QuarantineSum.None.With([Entry("type"), Entry("decode", 9)])
            .With([Entry("type"), Entry("late", 3, Outcome.Late)]);
        Assert.Equal([new("decode", 1), new("type", 2)], sum.Reasons);
        Assert.Same(sum, sum.With([]));
    }

    [Fact]
    public void What_the_lane_put_aside_is_missing_since_the_first_of_it()
    {
        var sum = QuarantineSum.None.With([Entry("decode", 9), Entry("time", 5)]).With([Entry("decode", 7)]);
        Assert.Equal(5, sum.Since(unkeyed: 3));
        Assert.Null(QuarantineSum.None.Since(unkeyed: 0));
    }

    [Fact]
    public void A_record_that_an_earlier_release_put_aside_leaves_it_open_since_when() =>
        Assert.Null(QuarantineSum.None.With([Entry("decode"), Entry("decode", 9)]).Since(unkeyed: 2));

    [Fact]
    public void A_ledger_that_recovers_from_its_events_has_the_same_sum()
    {
        var ledger = Taken();
        var write = new LedgerWrite(
            "a", 10, 7, new LeaderMark(1, 0), new LedgerCounts(8, 0, 0, 2, 1),
            [Entry("decode", 9, offset: 3), Entry("type", offset: 4)]);
        var stored = ledger.ToEvent(write);
        ledger.Apply(stored);
        ledger.Apply(stored);
        var recovered = Taken();
        recovered.Apply(stored);

        foreach (var sum in (QuarantineSum[])[ledger.Quarantined, recovered.Quarantined])
        {
            Assert.Equal([new("decode", 1), new("type", 1)], sum.Reasons);
            Assert.Equal(9, sum.Since(recovered.Counts.Unkeyed));
        }
    }

    private static LedgerState Taken()
    {
        var ledger = new LedgerState(100);
        ledger.Apply(new LeaseTaken("a", "hash", 0, null));
        return ledger;
    }

    private static LedgerEntry Entry(
        string reason, long at = 0, Outcome outcome = Outcome.Quarantined, long offset = 1) =>
        new(offset, outcome, reason, "", default, default, at);
}
