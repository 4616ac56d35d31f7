using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Remote;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Nodes;

/// <summary>
/// Tells the other nodes what this one's lanes and slots are, hears the same of them, and says which role the cluster
/// lacks. What it tells may be lost: all of it is told again a quarter of a second later.
/// </summary>
internal sealed class NodesActor : UntypedActor, IWithTimers
{
    /// <summary>Its name, the same on every node.</summary>
    public const string Name = "nodes";

    private static readonly TimeSpan TellEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly ILoggingAdapter log = Context.GetLogger();
    private readonly Cluster cluster = Cluster.Get(Context.System);
    private readonly Dictionary<UniqueAddress, ActorSelection> others = [];
    private readonly HashSet<string> topicsMet = [];
    private readonly RoleWatch roles = new();
    private readonly NodesDependencies dependencies;
    private readonly NodeReports reports;
    private bool isFlushing;

    public NodesActor(NodesDependencies dependencies)
    {
        this.dependencies = dependencies;
        reports = new NodeReports(
            $"{cluster.SelfUniqueAddress.Address}#{cluster.SelfUniqueAddress.Uid}", dependencies.Board,
            dependencies.Topics, dependencies.Clock);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(NodesDependencies dependencies) =>
        Akka.Actor.Props.Create(() => new NodesActor(dependencies));

    protected override void PreStart()
    {
        cluster.Subscribe(
            Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));
        Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
        Timers.StartPeriodicTimer(nameof(Tell), Tell.Instance, TellEvery);
        Timers.StartPeriodicTimer(nameof(Look), Look.Instance, LookEvery);
        var self = Self;
        dependencies.Board.News = () => self.Tell(News.Instance);
    }

    protected override void PostStop()
    {
        dependencies.Board.News = null;
        cluster.Unsubscribe(Self);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case NodeReport report:
                OnReport(report);
                break;
            case News when !isFlushing:
                // What is reported in the same moment is told in one message.
                isFlushing = true;
                Self.Tell(Tell.Instance);
                break;
            case News:
                break;
            case Tell:
                isFlushing = false;
                OnTell();
                break;
            case Look:
                OnLook();
                break;
            case ThisActorSystemQuarantinedEvent quarantined:
                dependencies.CutOff(quarantined.RemoteAddress.ToString());
                break;
            case ClusterEvent.MemberRemoved removed:
                others.Remove(removed.Member.UniqueAddress);
                break;
            case ClusterEvent.MemberUp up when up.Member.UniqueAddress != cluster.SelfUniqueAddress:
                others[up.Member.UniqueAddress] =
                    Context.ActorSelection(new RootActorPath(up.Member.Address) / "user" / Name);
                dependencies.Met(up.Member.Address.ToString());
                OnTell();
                break;
            case ClusterEvent.IMemberEvent:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnTell()
    {
        if (others.Count == 0)
        {
            return;
        }

        var report = reports.Make(dependencies.TopicIdOf);
        foreach (var other in others.Values)
        {
            other.Tell(report);
        }
    }

    private void OnReport(NodeReport report)
    {
        // A node without lanes has not asked Kafka: slots name their epochs after the topics' ids.
        foreach (var topic in report.Topics)
        {
            if (topic.Id.Length > 0 && topicsMet.Add(topic.Topic) && dependencies.TopicIdOf(topic.Topic) is null)
            {
                dependencies.SetTopicId(topic.Topic, topic.Id);
            }
        }

        reports.Take(report);
    }

    private void OnLook()
    {
        var present = cluster.State.Members.Where(member => member.Status == MemberStatus.Up)
            .SelectMany(member => member.Roles).ToHashSet();
        foreach (var (isWarning, text) in roles.Take(present, Context.System.Scheduler.MonotonicClock))
        {
            if (isWarning)
            {
                log.Warning("Cluster: {Roles:l}", text);
            }
            else
            {
                log.Info("Cluster: {Roles:l}", text);
            }
        }

        dependencies.RolesMissing(roles.Missing);
    }

    private sealed class Tell
    {
        public static readonly Tell Instance = new();
    }

    private sealed class Look
    {
        public static readonly Look Instance = new();
    }

    private sealed class News
    {
        public static readonly News Instance = new();
    }
}
