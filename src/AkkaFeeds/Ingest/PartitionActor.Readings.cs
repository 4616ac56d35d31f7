using Akka.Actor;
using Akka.Event;
using AkkaFeeds.Definitions.Decoding;
using AkkaFeeds.Kafka;

namespace AkkaFeeds.Ingest;

/// <summary>The shared reading of a partition, and the readings of lanes that stand elsewhere.</summary>
internal sealed partial class PartitionActor
{
    // The probe that is asked for meanwhile ends a lane whose log has no more what comes next.
    private static readonly TimeSpan SideAgainAfter = TimeSpan.FromSeconds(1);

    private void SeekShared(long offset)
    {
        sharedGeneration = setup.Control.Seek(setup.Partition, offset);
        sharedPosition = offset;
    }

    // The lane has caught up with what all others have taken; the batch that they are taking now is given to it too.
    private void Join(PartitionLane lane)
    {
        CloseSide(lane);
        lane.IsJoined = true;
        if (sharedBatch is { } batch && batch.Next > lane.Position)
        {
            Give(lane, batch);
            waitingFor.Add(lane);
        }

        logger.Debug("Lane {Lane} joins the shared reading at {Offset}", lane.Id, lane.Position);
    }

    private void ReleaseShared()
    {
        if (waitingFor.Count > 0 || sharedSender is null)
        {
            return;
        }

        if (sharedBatch is { } batch && batch.Generation == sharedGeneration)
        {
            sharedPosition = Math.Max(sharedPosition, batch.Next);
        }

        sharedBatch = null;
        sharedSender.Tell(PartitionReading.Acknowledged.Instance);
        sharedSender = null;
    }

    private void OpenSide(PartitionLane lane)
    {
        lane.SideReader = sideReaders++;
        var (control, batches) =
            PartitionReading.Side(setup.SideSettings, setup.Partition, lane.Position, materializer);
        lane.SideControl = control;
        PartitionReading.Run(batches, NewDecoders(), lane.SideReader, Self, materializer);
        logger.Info("Lane {Lane} reads by a consumer of its own from {Offset}", lane.Id, lane.Position);
    }

    private static void CloseSide(PartitionLane lane)
    {
        lane.SideControl?.Shutdown();
        lane.SideControl = null;
        lane.SideReader = -1;
        lane.SideSender?.Tell(PartitionReading.Acknowledged.Instance);
        lane.SideSender = null;
    }

    private void OnCompleted(PartitionReading.Completed completed)
    {
        if (completed.Reader < 0)
        {
            OnSharedGone(completed.Cause);
            return;
        }

        if (lanes.Values.FirstOrDefault(each => each.SideReader == completed.Reader) is { } lane)
        {
            logger.Warning(completed.Cause, "The side reading of {Lane} ended and begins again", lane.Id);
            CloseSide(lane);
            OpenSideLater(lane, completed.Cause);
        }
    }

    // The reading ends with its partition, else by a fault: lanes are served by readings of their own from then on.
    // Where the log does not have the position the probes end the lanes. But it may have grown as long again before
    // the next probe, which then finds nothing wrong.
    private void OnSharedGone(Exception? cause)
    {
        if (cause is null)
        {
            return;
        }

        logger.Warning("The reading of {Partition} failed: {Cause}", setup.Partition, cause.Message);
        isSharedGone = true;
        sharedSender = null;
        waitingFor.Clear();
        foreach (var lane in Readers().Where(lane => lane.IsJoined))
        {
            lane.IsJoined = false;
            if (cause is OffsetOutOfRangeException)
            {
                OpenSideLater(lane, cause);
            }
            else
            {
                OpenSide(lane);
            }
        }
    }

    private void OpenSideLater(PartitionLane lane, Exception? cause)
    {
        var isOutOfRange = cause is OffsetOutOfRangeException;
        Timers.StartSingleTimer(lane.Id, new SideDue(lane, isOutOfRange), SideAgainAfter);
        if (isOutOfRange)
        {
            Context.Parent.Tell(IngestMessages.ProbeWanted.Instance);
        }
    }

    // A lane that ended meanwhile has another one in its place, which says itself from where it reads.
    private void OnSideDue(SideDue due)
    {
        var lane = due.Lane;
        if (isEnding || lanes.GetValueOrDefault(lane.Id) != lane || lane.IsJoined || lane.SideReader >= 0
            || lane.IsHeld)
        {
            return;
        }

        if (due.IsOutOfRange)
        {
            lane.Actor.Tell(IngestMessages.ReadAgain.Instance);
        }
        else
        {
            OpenSide(lane);
        }
    }

    // A decoder keeps the strings that repeat, and is for one stream alone.
    private List<RecordDecoder> NewDecoders() =>
        [.. setup.Feeds.Groups.Select(group => new RecordDecoder(
            TopicDecoder.Create([.. group.Select(feed => feed.Compiled)]), setup.Feeds.Topic,
            setup.Partition.Partition.Value))];

    private sealed record SideDue(PartitionLane Lane, bool IsOutOfRange) : INoSerializationVerificationNeeded;
}
