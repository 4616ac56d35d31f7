using AkkaFeeds.Contracts;
using AkkaFeeds.Ingest.Protocol;
using Xunit;

namespace AkkaFeeds.Tests.Ingest.Protocol;

public sealed class LedgerStateTests
{
    [Fact]
    public void The_first_lane_begins_where_the_log_does_and_that_is_durable_before_it_reads()
    {
        var ledger = new LedgerState(100);
        Assert.Equal(LeaseAnswer.Granted, ledger.Decide("a", "hash", 30, out var taken));
        ledger.Apply(taken!);
        Assert.Equal(30, ledger.View.Floor);

        // Retention went on before the second lane: what the first was promised is named, not skipped.
        Assert.Equal(LeaseAnswer.LostRange, ledger.Decide("b", "hash", 40, out taken));
        Assert.Null(taken);
        Assert.Equal(new OffsetRange(30, 40), ledger.LossAt(40));
        ledger.Apply(new LossLetGo(new OffsetRange(30, 40)));
        Assert.Null(ledger.LossAt(40));
        Assert.Equal(LeaseAnswer.Granted, ledger.Decide("b", "hash", 40, out taken));
        ledger.Apply(taken!);
        Assert.False(ledger.LetsGo, "what is let go is let go once");
        Assert.Equal(40, ledger.View.Floor);
        Assert.Equal([new OffsetRange(30, 40)], ledger.Lost);
    }

    [Fact]
    public void A_lane_of_another_definition_gets_no_lease()
    {
        var ledger = Taken("a");
        Assert.Equal(LeaseAnswer.DefinitionChanged, ledger.Decide("b", "other", 0, out var taken));
        Assert.Null(taken);
    }

    [Fact]
    public void Only_the_lane_that_holds_the_lease_writes()
    {
        var ledger = Taken("a");
        var write = Write("a", 10);
        Assert.True(ledger.Accepts(write));
        ledger.Decide("b", "hash", 0, out var taken);
        ledger.Apply(taken!);
        Assert.False(ledger.Accepts(write));
        Assert.False(ledger.HasStored(write));
    }

    [Fact]
    public void A_lane_that_began_with_a_late_answer_of_its_ledger_moves_nothing()
    {
        var ledger = Taken("a");
        ledger.Apply(new LeaseTaken("b", "hash", 0, null));
        ledger.Apply(ledger.ToEvent(Write("b", 10) with { From = 0 }));

        // The question that "a" repeated meanwhile takes the ledger back, and the first answer comes behind it.
        ledger.Decide("a", "hash", 0, out var taken);
        ledger.Apply(taken!);
        Assert.False(ledger.Accepts(Write("a", 20) with { From = 0 }));
        Assert.False(ledger.Accepts(Write("a", 10) with { From = 0, Counts = default }));
        Assert.True(ledger.Accepts(Write("a", 20) with { From = 10 }));
        Assert.True(ledger.HasStored(Write("a", 10) with { From = 0 }), "the same counts are the same stretch");
    }

    [Fact]
    public void A_write_that_comes_twice_is_stored_once()
    {
        var ledger = Taken("a");
        var write = Write("a", 10, Entry(3, 40), Entry(4, 40)) with { From = 0 };
        Assert.False(ledger.HasStored(write));
        ledger.Apply(ledger.ToEvent(write));
        ledger.Apply(ledger.ToEvent(write));

        Assert.True(ledger.HasStored(write));
        Assert.Equal([3, 4], ledger.Entries.Select(entry => entry.Offset));
        Assert.Equal(write.Counts, ledger.Counts);
        Assert.Equal(80, ledger.EntryBytes);
    }

    [Fact]
    public void Beyond_the_limit_entries_keep_their_place_and_reason_without_their_bytes()
    {
        var ledger = Taken("a");
        ledger.Apply(ledger.ToEvent(Write("a", 10, Entry(3, 60), Entry(4, 60), Entry(5, 40))));

        Assert.Equal([60, 0, 40], ledger.Entries.Select(entry => entry.Bytes));
        Assert.All(ledger.Entries, entry => Assert.Equal(Reasons.Decode, entry.Reason));
        Assert.Equal(100, ledger.EntryBytes);
    }

    [Fact]
    public void Recovery_gives_the_same_ledger_under_another_limit()
    {
        var stored = Taken("a").ToEvent(Write("a", 10, Entry(3, 60), Entry(4, 60)));
        var recovered = new LedgerState(10);
        recovered.Apply(new LeaseTaken("a", "hash", 0, null));
        recovered.Apply(stored);
        Assert.Equal([60, 0], recovered.Entries.Select(entry => entry.Bytes));
    }

    [Fact]
    public void A_snapshot_gives_back_everything()
    {
        var ledger = Taken("a");
        ledger.Apply(ledger.ToEvent(Write("a", 10, Entry(3, 40))));
        var restored = new LedgerState(100);
        restored.Restore(ledger.View, ledger.DefinitionHash!, ledger.Entries, [new OffsetRange(1, 2)], letsGo: true);
        Assert.True(restored.LetsGo);

        Assert.Equal(ledger.View, restored.View);
        Assert.Equal([new(Reasons.Decode, 1)], restored.Quarantined.Reasons);
        Assert.Equal(ledger.DefinitionHash, restored.DefinitionHash);
        Assert.Equal(ledger.Entries, restored.Entries);
        Assert.Equal(40, restored.EntryBytes);
        Assert.Equal([new OffsetRange(1, 2)], restored.Lost);
    }

    private static LedgerState Taken(string lease)
    {
        var ledger = new LedgerState(100);
        ledger.Decide(lease, "hash", 0, out var taken);
        ledger.Apply(taken!);
        return ledger;
    }

    private static LedgerWrite Write(string lease, long floor, params LedgerEntry[] entries) =>
        new(lease, floor, 7, new LeaderMark(1, 0), new LedgerCounts(8, 0, 0, 2, 2), entries);

    private static LedgerEntry Entry(long offset, int bytes) =>
        new(offset, Outcome.Quarantined, Reasons.Decode, "not JSON", default, new byte[bytes]);
}
