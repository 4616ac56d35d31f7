using Akka.Actor;
using Akka.Event;
using AkkaFeeds.Definitions.Decoding;
using AkkaFeeds.Kafka;

namespace AkkaFeeds.Ingest;

/// <summary>The shared reading of a partition, and the readings of lanes that stand elsewhere.</summary>
internal sealed partial class PartitionActor
{
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
            OpenSide(lane);
        }
    }

    // The reading ends with its partition, else by a fault. Where the log no longer has the position the probes end
    // the lanes; those that begin in their place, and all others, are served by readings of their own from then on.
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
        foreach (var lane in Readers().Where(lane => lane.IsJoined && cause is not OffsetOutOfRangeException))
        {
            lane.IsJoined = false;
            OpenSide(lane);
        }
    }

    // A decoder keeps the strings that repeat, and is for one stream alone.
    private List<RecordDecoder> NewDecoders() =>
        [.. setup.Feeds.Groups.Select(group => new RecordDecoder(
            TopicDecoder.Create([.. group.Select(feed => feed.Compiled)]), setup.Feeds.Topic,
            setup.Partition.Partition.Value))];
}
