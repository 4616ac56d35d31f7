using AkkaFeeds.Ingest.Protocol;

namespace AkkaFeeds.Simulation.Actors;

/// <summary>
/// What a lane writes: its ledger, one write at a time until it is answered, and Kafka's commit behind it.
/// </summary>
internal sealed class LaneWriter(History history, LaneActor lane, LaneProtocol protocol)
{
    private const int RepeatMilliseconds = 700;

    private readonly World world = history.World;
    private long requestedAt;

    /// <summary>Raises the floor where it can rise, or repeats what was not answered.</summary>
    public void Write()
    {
        if (protocol.Unanswered is { } unanswered)
        {
            if (world.Now - requestedAt > RepeatMilliseconds)
            {
                world.Count(Happening.LedgerWriteRepeated);
                Request(unanswered);
            }

            return;
        }

        if (world.Defect is Defect.FloorFromHighest)
        {
            LaneDefects.PretendHighest(protocol, history);
        }

        if (protocol.PrepareWrite() is { } write)
        {
            if (world.Defect is Defect.CommitBeforeLedger)
            {
                Commit(write.Floor);
            }

            Request(write);
        }
    }

    /// <summary>The ledger has stored a write.</summary>
    public void OnWritten(long floor)
    {
        if (protocol.Unanswered?.Floor != floor)
        {
            return;
        }

        protocol.OnWritten(floor);
        if (world.Defect is not Defect.CommitBeforeLedger)
        {
            Commit(floor);
        }
    }

    /// <summary>Tells Kafka; the group refuses the commit of a member that it has given up.</summary>
    public void Commit(long floor)
    {
        if (lane.IsCurrent)
        {
            history.KafkaCommits[lane.Lane] = floor;
            history.Check.Committed(lane.Lane, floor);
        }
    }

    private void Request(LedgerWrite write)
    {
        requestedAt = world.Now;
        history.ToLedger(lane, ledger => ledger.OnWrite(lane, write));
    }
}
