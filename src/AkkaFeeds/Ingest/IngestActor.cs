using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using Akka.Streams.Dsl;
using AkkaFeeds.Contracts;
using AkkaFeeds.Ingest.Protocol;
using AkkaFeeds.Kafka;
using Confluent.Kafka;

namespace AkkaFeeds.Ingest;

/// <summary>
/// This node's ingest: finds the topics, joins the group, starts an actor for each partition that the group gives us,
/// and asks
/// the broker twice a second where the logs begin and end.
/// </summary>
// Connecting (until the broker has described every topic) -> Consuming -> Draining (the node leaves) -> stopped.
#pragma warning disable CA1001 // An actor is not disposed: PostStop disposes of the admin client.
internal sealed partial class IngestActor : UntypedActor, IWithTimers
#pragma warning restore CA1001
{
    private const int ConnectsOfANewStore = 3;
    private static readonly TimeSpan ConnectAgainAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DescribeWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LanesNoteWithin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ProbeWithin = TimeSpan.FromSeconds(1);

    private readonly ILoggingAdapter logger = Context.GetLogger();
    private readonly IMaterializer materializer = Context.System.Materializer();
    private readonly IngestSettings settings;
    private readonly IngestDependencies dependencies;
    private readonly KafkaAdmin admin;
    private readonly Dictionary<TopicPartition, IActorRef> partitions = [];
    private readonly Dictionary<IActorRef, TaskCompletionSource> endings = [];
    private Dictionary<string, TopicFeeds> topics = [];
    private IConsumerControl? control;
    private IActorRef? drainedTo;
    private int drains;
    private bool isUnreachableLogged;
    private int failedConnects;
    private bool isProbing;
    private bool isProbeWanted;
    private long probes;

    public IngestActor(IngestSettings settings, IngestDependencies dependencies)
    {
        this.settings = settings;
        this.dependencies = dependencies;
        admin = new KafkaAdmin(settings.Brokers, settings.Properties);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IngestSettings settings, IngestDependencies dependencies) =>
        Akka.Actor.Props.Create(() => new IngestActor(settings, dependencies));

    protected override void PreStart() => Describe();

    protected override void PostStop()
    {
        foreach (var ending in endings.Values)
        {
            ending.TrySetResult();
        }

        admin.Dispose();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Described described:
                OnDescribed(described.Topics);
                break;
            case DescribeFailed failed:
                OnUnreachable(failed.Cause);
                break;
            case Connect:
                Describe();
                break;
            case Drain:
                Sender.Tell(new Drained(0));
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Consume()
    {
        if (topics.Count == 0)
        {
            return;
        }

        var self = Self;
        var source = KafkaConsumer.PlainPartitionedManualOffsetSource(
            settings.Member(),
            Subscriptions.Topics(topics.Keys.ToImmutableHashSet()),
            NotBeforeItIsSought,
            revoked => Tell(self, revoked, IngestMessages.Revoke.Instance),
            lost => _ = Tell(self, lost, IngestMessages.Lost.Instance));
        var (started, completion) = source
            .ToMaterialized(
                Sink.ForEach<(TopicPartition Partition, Source<RecordBatch<ReadOnlyMemory<byte>,
                    ReadOnlyMemory<byte>>, Akka.NotUsed>
                    Batches)>(assigned => self.Tell(new Assigned(assigned.Partition, assigned.Batches))),
                Keep.Both)
            .Run(materializer);
        control = started;
        completion.PipeTo(self, self, () => new SourceEnded(null), cause => new SourceEnded(cause));
    }

    // Lanes know where to read, not the group: nothing is emitted until they have sought it.
    private static Task<IImmutableSet<TopicPartitionOffset>> NotBeforeItIsSought(
        IImmutableSet<TopicPartition> assigned) =>
        new TaskCompletionSource<IImmutableSet<TopicPartitionOffset>>().Task;

    private static Task Tell(IActorRef self, IImmutableSet<TopicPartition> partitions, object message)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        self.Tell(new Ending([.. partitions], message, done));
        return done.Task;
    }

    private void Consuming(object message)
    {
        switch (message)
        {
            case Assigned assigned:
                OnAssigned(assigned);
                break;
            case Ending ending:
                OnEnding(ending);
                break;
            case Terminated terminated:
                OnTerminated(terminated.ActorRef);
                break;
            case Probe:
                OnProbe();
                break;
            case AskBroker:
                OnAskBroker();
                break;
            case Probed probed:
                OnProbed(probed);
                break;
            case ProbeFailed failed:
                logger.Debug("A probe of the log's ends failed: {Cause}", failed.Cause.Message);
                ProbeEnded();
                break;
            case IngestMessages.ProbeWanted:
                isProbeWanted = isProbing;
                OnProbe();
                break;
            case SourceEnded ended:
                OnSourceEnded(ended.Cause);
                break;
            case Compacted compacted:
                OnCompacted(compacted.Topics);
                break;
            case Look:
                Describe();
                break;
            case Described described:
                OnLooked(described.Topics);
                break;
            case DescribeFailed:
                // The probes say that the broker does not answer.
                break;
            case Connect:
                Consume();
                break;
            case IngestMessages.Ended:
                break;
            case Drain:
                OnDrain();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnAssigned(Assigned assigned)
    {
        // What is not taken from the source is not read: of a topic that was made again, which waits for an operator,
        // and of what is offered once more because its lanes have ended for good.
        if (drainedTo is not null || !topics.TryGetValue(assigned.Partition.Topic, out var feeds))
        {
            return;
        }

        var setup = new PartitionSetup(
            assigned.Partition, control!.LeaseOf(assigned.Partition), feeds, assigned.Batches, control,
            settings.Consumer);
        var actor = Context.ActorOf(PartitionActor.Props(setup, dependencies));
        partitions[assigned.Partition] = actor;
        Context.Watch(actor);
        logger.Info("Partition {Partition:l} is read by this node", NameOf(assigned.Partition));
        OnProbe();
    }

    private static string NameOf(TopicPartition partition) => $"{partition.Topic}/{partition.Partition.Value}";

    private void OnEnding(Ending ending)
    {
        var left = 0;
        foreach (var partition in ending.Partitions)
        {
            if (partitions.Remove(partition, out var actor))
            {
                left++;
                var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                endings[actor] = done;
                _ = done.Task.ContinueWith(
                    _ =>
                    {
                        if (Interlocked.Decrement(ref left) == 0)
                        {
                            ending.Done.TrySetResult();
                        }
                    },
                    TaskScheduler.Default);
                actor.Tell(ending.Message);
            }
        }

        if (left == 0)
        {
            ending.Done.TrySetResult();
        }
    }

    private void OnTerminated(IActorRef actor)
    {
        if (endings.Remove(actor, out var done))
        {
            done.TrySetResult();
        }

        foreach (var (partition, _) in partitions.Where(each => each.Value.Equals(actor)).ToList())
        {
            partitions.Remove(partition);
            logger.Warning("Partition {Partition:l} is not read any more", NameOf(partition));
        }

        if (drainedTo is not null && endings.Count == 0)
        {
            CloseConsumer();
        }
    }

    private void OnProbe()
    {
        if (isProbing || partitions.Count == 0)
        {
            return;
        }

        isProbing = true;
        probes++;
        foreach (var actor in partitions.Values)
        {
            actor.Tell(new IngestMessages.ProbeBegins(probes));
        }

        // The lanes first note what they know: an answer that is older than that could make a growing log look cut.
        Timers.StartSingleTimer(nameof(AskBroker), AskBroker.Instance, LanesNoteWithin);
        if (control is { Metrics: { } metrics } && metrics.SinceLastPoll < ProbeEvery)
        {
            dependencies.Metrics.Polled();
        }

    }

    private void OnAskBroker()
    {
        var asked = partitions.Keys.ToList();
        var began = Context.System.Scheduler.Now;
        var beganAt = Context.System.Scheduler.MonotonicClock;
        Task.WhenAll(
            admin.EarliestOffsets(asked, ProbeWithin), admin.EndOffsets(asked, ProbeWithin),
            admin.EndOffsets(asked, ProbeWithin, IsolationLevel.ReadUncommitted)).PipeTo(
            Self, Self, all => new Probed(all[0], all[1], all[2], began, beganAt), cause => new ProbeFailed(cause));
    }

    private void OnProbed(Probed probed)
    {
        foreach (var (partition, actor) in partitions)
        {
            if (probed.Earliest.TryGetValue(partition, out var from) && probed.Ends.TryGetValue(partition, out var to))
            {
                actor.Tell(new IngestMessages.ProbeAnswered(
                    probes, new OffsetRange(from, Math.Max(from, to)), probed.Written.GetValueOrDefault(partition, to),
                    probed.Began, probed.BeganAt));
            }
        }

        ProbeEnded();
    }

    private void ProbeEnded()
    {
        isProbing = false;
        if (isProbeWanted)
        {
            isProbeWanted = false;
            OnProbe();
        }
    }

    private void OnSourceEnded(Exception? cause)
    {
        if (drainedTo is not null)
        {
            return;
        }

        logger.Error(cause, "The consumer ended, and begins again");
        foreach (var actor in partitions.Values)
        {
            actor.Tell(IngestMessages.Lost.Instance);
        }

        partitions.Clear();
        Timers.StartSingleTimer(nameof(Connect), Connect.Instance, ConnectAgainAfter);
    }

    private void OnDrain()
    {
        drainedTo = Sender;
        drains = partitions.Count;
        foreach (var (_, actor) in partitions)
        {
            endings[actor] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            actor.Tell(IngestMessages.Revoke.Instance);
        }

        partitions.Clear();
        if (endings.Count == 0)
        {
            CloseConsumer();
        }
    }

    private void CloseConsumer()
    {
        var answerTo = drainedTo!;
        var drained = new Drained(drains);
        var self = Self;
        (control?.Shutdown() ?? Task.CompletedTask).ContinueWith(
            _ =>
            {
                answerTo.Tell(drained);
                self.Tell(PoisonPill.Instance);
            },
            TaskScheduler.Default);
    }
}
