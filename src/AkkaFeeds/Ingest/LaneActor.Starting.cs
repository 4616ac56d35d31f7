using Akka.Actor;
using Akka.Event;
using AkkaFeeds.Freshness;
using AkkaFeeds.Ingest.Protocol;

namespace AkkaFeeds.Ingest;

/// <summary>How a lane starts: it learns where its log begins and ends, and takes its ledger.</summary>
internal sealed partial class LaneActor
{
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case IngestMessages.ProbeAnswered answered:
                contactAt = answered.At;
                log = answered.Log;
                if (granted is not null && isProbedSinceGranted && IsInTime(answered))
                {
                    Begin(granted, answered.Log);
                }
                else
                {
                    TakeLedger();
                }

                break;
            case LedgerMessages.Taken taken when taken.View.Lease == lease:
                if (granted is null)
                {
                    granted = taken.View;
                    quarantined = taken.Quarantined;
                    Context.Parent.Tell(IngestMessages.ProbeWanted.Instance);
                }

                isMissingRecords = taken.Lost.Count > 0;
                dependencies.Metrics.SetLost(
                    lane.Feed, lane.Topic, lane.Partition,
                    taken.Lost.Sum(range => range.ToExclusive - range.FromInclusive));
                break;
            case LedgerMessages.Denied denied when denied.Lease == lease:
                OnDenied(denied);
                break;
            case Tick:
                ticks++;
                TakeLedger();
                break;
            case IngestMessages.Revoke or IngestMessages.Lost:
                End(new LaneEnd(message is IngestMessages.Lost ? LaneEndReason.Lost : LaneEndReason.Revoked));
                break;
            case IngestMessages.SourceChanged:
                End(new LaneEnd(LaneEndReason.SourceChanged));
                break;
            case IngestMessages.ProbeBegins begins:
                NoteProbe(begins);
                isProbedSinceGranted = granted is not null;
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void TakeLedger()
    {
        if (granted is null && log is { FromInclusive: var start })
        {
            dependencies.Ledgers.Tell(new LedgerMessages.Take(lane, lease, feed.Compiled.Hash, start));
        }
    }

    // The probe was begun after the lease was taken: an older one could show a log that is shorter than the floor by
    // now.
    private void Begin(LedgerView ledger, OffsetRange range)
    {
        protocol = new LaneProtocol(
            lane, feed.Slots, ledger, new LaneOptions { RowsInFlightMax = dependencies.RowsInFlightMax }, this);
        classifier.Reset(ledger.NewestEventTime);
        account.Begin(ledger.Counts, quarantined, Context.System.Scheduler.Now);
        if (ledger.Floor > 0 && ledger.Floor == range.FromInclusive && ledger.Counts == default)
        {
            // A store that was lost looks like a new one, and nothing else knows of what the log has no more.
            logger.Warning(
                "Lane {Lane} is new to this store and its log begins at {Start}: what stood before is in no number",
                lane, ledger.Floor);
        }

        Become(Reading);
        protocol.Begin(range);
        if (protocol.HasEnded)
        {
            return;
        }

        Context.Parent.Tell(new IngestMessages.ReadFrom(lane, ledger.Floor, protocol.FetchGeneration));
        Context.Parent.Tell(new IngestMessages.FloorRose(lane, protocol.Floor, ledger.Leader.Epoch));
        Report();
        logger.Debug("Lane {Lane} starts at {Floor}", lane, ledger.Floor);
    }

    private void OnDenied(LedgerMessages.Denied denied)
    {
        if (denied.Answer != LeaseAnswer.LostRange)
        {
            End(new LaneEnd(LaneEndReason.Stale));
        }
        else if (loss != denied.Lost)
        {
            loss = denied.Lost;
            logger.Error(
                "Lane {Lane}: lost-range: its log has lost {Range} before it was read; restore the topic, or let "
                + "that go: akkafeeds feed resume {Feed} --yes", lane, loss, lane.Feed);
            dependencies.Board.Of(lane.Feed).Ended(lane, FeedBoard.LostRange);
            Context.Parent.Tell(new IngestMessages.Held(lane));
        }
    }
}
