using Akka.Actor;
using AkkaFeeds.Freshness;
using AkkaFeeds.Ingest;
using Xunit;

namespace AkkaFeeds.Tests.Ingest;

/// <summary>What a lane says of itself while it cannot end.</summary>
public sealed class LaneActorTests : IngestActorTest
{
    [Fact]
    public void What_follows_a_quiet_minute_is_not_as_old_as_the_quiet()
    {
        var lane = above.ChildActorOf(LaneActor.Props(Lane, Decoder, dependencies));
        Begin(lane, end: 5);
        Advance(60);
        var decoded = new RecordDecoder(Decoder, Topic, 0).Decode(Batch(1, 4)).Single();
        lane.Tell(new IngestMessages.Records(decoded, 0));
        Assert.Equal(5, NextRows().Read);
        Advance(2);
        Settle(lane);

        clock.SetUtcNow(Sys.Scheduler.Now);
        Assert.InRange(Assert.Single(dependencies.Metrics.ReadCheckpointAges()).Value, 1.5, 2.5);
    }

    [Fact]
    public void A_revoked_lane_that_cannot_drain_leaves_the_word_to_who_reads_now()
    {
        var lane = above.ChildActorOf(LaneActor.Props(Lane, Decoder, dependencies));
        Begin(lane, end: 5);
        var decoded = new RecordDecoder(Decoder, Topic, 0).Decode(Batch(1, 4)).Single();
        lane.Tell(new IngestMessages.Records(decoded, 0));
        Assert.Equal(5, NextRows().Read);
        Assert.Equal(LaneEntry.ThisNode, Board.ReaderOf(Topic, 0));

        lane.Tell(IngestMessages.Revoke.Instance);
        Settle(lane);
        var report = new LaneReport(Lane, 5, 5, 0, 0, null);
        Board.Take(Topic, new LaneEntry(0, report, clock.GetUtcNow().ToUnixTimeMilliseconds(), null, "other"));
        Advance(2);
        Probed(lane, 0, 6);
        Settle(lane);

        Assert.Equal("other", Board.ReaderOf(Topic, 0));
    }
}
