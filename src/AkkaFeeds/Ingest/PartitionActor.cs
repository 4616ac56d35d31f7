using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Decoding;
using AkkaFeeds.Ingest.Protocol;
using AkkaFeeds.Kafka;
using Confluent.Kafka;

namespace AkkaFeeds.Ingest;

/// <summary>
/// One partition that this node reads: the shared reading, decoded once for all lanes that stand together, and a side
/// reading for
/// each lane that stands elsewhere, until the two meet. Commits the lowest floor of its lanes to Kafka, for Kafka's
/// tools.
/// </summary>
// Starting (until every lane has said where it starts) -> Reading -> Ending (revoked: lanes make durable what they
// read) -> stopped.
// Where its lanes wait for an operator it stays and reads nothing: were it to stop, the group's consumer would give
// the partition to the next one at once.
internal sealed partial class PartitionActor : UntypedActor, IWithTimers
{
    // Lanes that stand no further apart than this start together: reading so much twice costs less than another
    // consumer.
    private const long TogetherRecordsMax = 200_000;

    private readonly ILoggingAdapter logger = Context.GetLogger();
    private readonly IMaterializer materializer = Context.System.Materializer();
    private readonly PartitionSetup setup;
    private readonly IngestDependencies dependencies;
    private readonly Dictionary<LaneId, PartitionLane> lanes = [];
    private readonly HashSet<PartitionLane> waitingFor = [];
    private IActorRef? sharedSender;
    private PartitionReading.Decoded? sharedBatch;
    private bool isEnding;
    private bool isHeld;
    private bool isStarted;
    private bool isSharedGone;
    private int sharedGeneration = -1;
    private long sharedPosition;
    private long committed = -1;
    private long? confirmed;
    private bool isCommitFailing;
    private int sideReaders;

    public PartitionActor(PartitionSetup setup, IngestDependencies dependencies)
    {
        this.setup = setup;
        this.dependencies = dependencies;
        for (var group = 0; group < setup.Feeds.Groups.Count; group++)
        {
            foreach (var feed in setup.Feeds.Groups[group])
            {
                StartLane(feed, group);
            }
        }
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(PartitionSetup setup, IngestDependencies dependencies) =>
        Akka.Actor.Props.Create(() => new PartitionActor(setup, dependencies));

    protected override void PreStart() => PartitionReading.Run(setup.Batches, NewDecoders(), -1, Self, materializer);

    protected override void PostStop()
    {
        foreach (var lane in lanes.Values)
        {
            CloseSide(lane);
        }
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case PartitionReading.Started:
                Sender.Tell(PartitionReading.Acknowledged.Instance);
                break;
            case PartitionReading.Decoded { Reader: < 0 } decoded:
                OnShared(decoded);
                break;
            case PartitionReading.Decoded decoded:
                OnSide(decoded);
                break;
            case PartitionReading.Completed completed:
                OnCompleted(completed);
                break;
            case SideDue due:
                OnSideDue(due);
                break;
            case IngestMessages.ReadFrom wish:
                OnReadFrom(wish);
                break;
            case IngestMessages.Accepted accepted:
                OnAccepted(accepted);
                break;
            case IngestMessages.FloorRose rose:
                OnFloorRose(rose);
                break;
            case Committed answered:
                OnCommitted(answered);
                break;
            case IngestMessages.Held held when lanes.TryGetValue(held.Lane, out var lane):
                lane.IsHeld = true;
                if (!isStarted)
                {
                    StartWhenAllKnow();
                }

                break;
            case IngestMessages.Ended ended:
                OnEnded(ended);
                break;
            case IngestMessages.ProbeWanted wanted:
                Context.Parent.Tell(wanted);
                break;
            case IngestMessages.ProbeBegins or IngestMessages.ProbeAnswered
                or IngestMessages.Revoke or IngestMessages.Lost or IngestMessages.SourceChanged:
                isEnding |= message is IngestMessages.Revoke or IngestMessages.Lost;
                foreach (var lane in lanes.Values)
                {
                    lane.Actor.Tell(message);
                }

                StopWhenEmpty();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnReadFrom(IngestMessages.ReadFrom wish)
    {
        if (!lanes.TryGetValue(wish.Lane, out var lane))
        {
            return;
        }

        lane.IsHeld = false;
        lane.FetchGeneration = wish.FetchGeneration;
        lane.Position = wish.Offset;
        CloseSide(lane);
        if (!isStarted)
        {
            StartWhenAllKnow();
        }
        else if (Readers().Count() == 1 && !isSharedGone)
        {
            // Nobody else reads here: the shared reading itself goes back.
            waitingFor.Clear();
            lane.IsJoined = true;
            SeekShared(wish.Offset);
            ReleaseShared();
        }
        else
        {
            lane.IsJoined = false;
            waitingFor.Remove(lane);
            OpenSide(lane);
            ReleaseShared();
        }
    }

    private void StartWhenAllKnow()
    {
        if (!Readers().Any() || Readers().Any(lane => lane.FetchGeneration < 0))
        {
            return;
        }

        isStarted = true;
        var newest = Readers().Max(lane => lane.Position);
        var near = Readers().Where(lane => newest - lane.Position <= TogetherRecordsMax).ToList();
        SeekShared(near.Min(lane => lane.Position));
        foreach (var lane in Readers())
        {
            lane.IsJoined = near.Contains(lane);
            if (!lane.IsJoined)
            {
                OpenSide(lane);
            }
        }
    }

    private IEnumerable<PartitionLane> Readers() => lanes.Values.Where(lane => !lane.IsHeld);

    private void OnShared(PartitionReading.Decoded decoded)
    {
        sharedSender = Sender;
        if (!Readers().Any())
        {
            return;
        }

        if (decoded.Generation != sharedGeneration)
        {
            ReleaseShared();
            return;
        }

        sharedBatch = decoded;
        foreach (var lane in lanes.Values)
        {
            if (lane.IsJoined)
            {
                Give(lane, decoded);
                waitingFor.Add(lane);
            }
        }

        ReleaseShared();
    }

    private void OnSide(PartitionReading.Decoded decoded)
    {
        var lane = lanes.Values.FirstOrDefault(each => each.SideReader == decoded.Reader);
        if (lane is null)
        {
            // The lane was served again by the shared reading, or went back: this reading is being closed.
            Sender.Tell(PartitionReading.Acknowledged.Instance);
            return;
        }

        lane.SideSender = Sender;
        Give(lane, decoded);
    }

    private static void Give(PartitionLane lane, PartitionReading.Decoded decoded) =>
        lane.Actor.Tell(new IngestMessages.Records(decoded.Groups[lane.Group], lane.FetchGeneration));

    private void OnAccepted(IngestMessages.Accepted accepted)
    {
        if (!lanes.TryGetValue(accepted.Lane, out var lane) || accepted.FetchGeneration != lane.FetchGeneration)
        {
            return;
        }

        lane.Position = accepted.Position;
        if (lane.IsJoined)
        {
            waitingFor.Remove(lane);
            ReleaseShared();
        }
        else if (lane.Position >= sharedPosition && !isSharedGone)
        {
            Join(lane);
        }
        else
        {
            lane.SideSender?.Tell(PartitionReading.Acknowledged.Instance);
            lane.SideSender = null;
        }
    }

    private void OnFloorRose(IngestMessages.FloorRose rose)
    {
        if (!lanes.TryGetValue(rose.Lane, out var lane))
        {
            return;
        }

        lane.Floor = rose.Floor;
        lane.LeaderEpoch = rose.LeaderEpoch;
        var lowest = Readers().MinBy(each => each.Floor)!;
        if (lowest.Floor > committed)
        {
            committed = lowest.Floor;
            var epoch = lowest.LeaderEpoch < 0 ? null : (int?)lowest.LeaderEpoch;
            var offset = new TopicPartitionOffset(setup.Partition, committed, epoch);

            // For Kafka's tools only, and never read: one that fails is made good by the next.
            setup.Control.Commit(offset, setup.Lease)
                .PipeTo(Self, Self, outcome => new Committed(offset.Offset.Value, outcome));
        }

        TellCommitLag();
    }

    private void OnCommitted(Committed answered)
    {
        if (answered.Outcome == CommitOutcome.NotOwner)
        {
            return;
        }

        var isFailure = answered.Outcome == CommitOutcome.Failed;
        if (isFailure && !isCommitFailing)
        {
            logger.Warning(
                "Kafka refuses the commits of {Topic:l}/{Partition}: its tools show records as unread that are "
                + "durable here; grant the group's Read, nothing else depends on it",
                setup.Partition.Topic, setup.Partition.Partition.Value);
        }

        isCommitFailing = isFailure;
        confirmed = Math.Max(confirmed ?? 0, isFailure ? 0 : answered.Offset);
        TellCommitLag();
    }

    // Not before Kafka has answered once: what former readers have committed nobody here knows.
    private void TellCommitLag()
    {
        foreach (var each in lanes.Values.Where(each => each.Floor >= 0 && confirmed is not null))
        {
            dependencies.Metrics.SetCommitLag(
                each.Id.Feed, each.Id.Topic, each.Id.Partition, Math.Max(0, each.Floor - confirmed!.Value));
        }
    }

    private void StartLane(ServedFeed feed, int group)
    {
        var id = new LaneId(
            feed.Name, feed.Generation, setup.Feeds.TopicId, setup.Feeds.Topic, setup.Partition.Partition.Value);
        var decoder = TopicDecoder.Create([.. setup.Feeds.Groups[group].Select(each => each.Compiled)]);
        lanes.Add(id, new PartitionLane(id, Context.ActorOf(LaneActor.Props(id, decoder, dependencies)), group));
    }

    private void OnEnded(IngestMessages.Ended ended)
    {
        if (lanes.Remove(ended.Lane, out var lane))
        {
            CloseSide(lane);
            waitingFor.Remove(lane);
            ReleaseShared();
            Context.Parent.Tell(ended);
            isHeld |= ended.End.Reason == LaneEndReason.SourceChanged;
            if (ended.End.Reason is LaneEndReason.Stale or LaneEndReason.LostRange && !isEnding)
            {
                // The partition is still ours: another lane, of a world that is gone or about to go, took the ledger
                // meanwhile. Or the log has lost what comes next: the new lane waits for what the operator says.
                StartLane(dependencies.Feeds[ended.Lane.Feed], lane.Group);
            }

            if (!isStarted)
            {
                StartWhenAllKnow();
            }
        }

        StopWhenEmpty();
    }

    private void StopWhenEmpty()
    {
        if (lanes.Count == 0 && (isEnding || !isHeld))
        {
            Context.Stop(Self);
        }
    }

    private sealed record Committed(long Offset, CommitOutcome Outcome) : INoSerializationVerificationNeeded;
}
