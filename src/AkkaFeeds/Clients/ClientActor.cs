using Akka.Actor;
using AkkaFeeds.Contracts;
using AkkaFeeds.Telemetry;

namespace AkkaFeeds.Clients;

/// <summary>
/// One connection: its subscriptions, and the writing of what its outbox holds. Relays fill the outbox from outside;
/// this actor is woken once, and writes everything that is new in one write.
/// </summary>
// Open -> Closing (bye is being written) -> stopped; Open -> stopped where the socket is gone.
internal sealed partial class ClientActor : UntypedActor
{
    // So long behind the last, progress rides in a write that there is anyway, and is due with the second.
    private const long ProgressMilliseconds = 800;

    private readonly Dictionary<(string Feed, KeyName Key), KeyPlace> keys = [];
    private readonly Dictionary<(string Feed, string Id), RowsPlace> rows = [];
    [ThreadStatic]
    private static FrameBatch? scratch;

    private readonly ClientDependencies dependencies;
    private readonly IClientSocket socket;
    private readonly ClientSession? session;
    private readonly Outbox outbox;
    private readonly long begun;
    private readonly Dictionary<string, int> subscriptions = new(StringComparer.Ordinal);
    private string feeds = "";
    private bool owesFirstProgress;
    private bool owesProgress;
    private long progressAt;
    private long shownUntil = long.MaxValue;
    private bool isWriting;
    private bool isByeWritten;
    private bool hasCome;
    private bool wantsFlush;
    private bool isComingAgain;
    private bool isSlow;
    private long writingSince;
    private long movedAt;
    private long taken;
    private ClientCommands.Close? closing;

    public ClientActor(ClientDependencies dependencies, IClientSocket socket, ClientSession? session = null)
    {
        this.dependencies = dependencies;
        this.socket = socket;
        this.session = session;
        begun = dependencies.Clock.GetTimestamp();
        var self = Self;
        var ticker = dependencies.Ticker;
        outbox = new Outbox(
            dependencies.Outbox, Milliseconds,
            later =>
            {
                if (later > 0)
                {
                    ticker.TellLater(self, Flush.Instance, later);
                }
                else
                {
                    self.Tell(Flush.Instance);
                }
            },
            dependencies.Blanks);
    }

    public static Props Props(
        ClientDependencies dependencies, IClientSocket socket, ClientSession? session = null) =>
        Akka.Actor.Props.CreateBy(new Producer(dependencies, socket, session));

    protected override void PreStart()
    {
        dependencies.Ticker.Add(Self);
        dependencies.Metrics.Came();
        hasCome = true;
        session?.Begin(Self, outbox);
        outbox.Answer(
            ControlFrames.Welcome(
                Self.Path.Name, Clock(), dependencies.SubscriptionsMax, dependencies.FrameBytesMax),
            FrameKind.Control);
    }

    // What it knew of the client is gone, so the client has to come back: nobody would fill its screen.
    protected override void PostRestart(Exception reason)
    {
        socket.Close(CloseCode.GoingAway, "restart");
        Context.Stop(Self);
    }

    protected override void PostStop()
    {
        dependencies.Ticker.Remove(Self);
        SetSlow(false);
        if (hasCome)
        {
            dependencies.Metrics.Went();
        }

        foreach (var place in keys.Values)
        {
            CountFeed(place.Feed, -1);
            dependencies.Relays.Tell(new RelayMessages.UnwatchKey(place.Feed, place.Key, place));
        }

        foreach (var place in rows.Values)
        {
            CountFeed(place.Feed, -1);
            dependencies.Relays.Tell(
                new RelayMessages.UnwatchRows(place.Feed, dependencies.Tenant, place.Query, place));
        }

        outbox.Release();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Flush:
                OnFlush();
                break;
            case FlushAgain:
                isComingAgain = false;
                OnFlush();
                break;
            case Second:
                OnSecond();
                break;
            case Written:
                OnWritten();
                break;
            case ClientCommands.Gone:
            case Status.Failure:
                Context.Stop(Self);
                break;
            case ClientCommands.Close close:
                Close(close);
                break;
            case ClientCommands.ICommand command when closing is null:
                On(command);
                break;
            case RelayMessages.RowsRefused refused:
                OnRefused(refused);
                break;
            case ClientCommands.ICommand:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnFlush()
    {
        if (isWriting)
        {
            wantsFlush = true;
            return;
        }

        // A socket has read the batch when its send returns, so that all actors of a thread write into one.
        var batch = scratch ??= new FrameBatch();
        batch.Clear();
        var again = outbox.Flush(Clock(), batch);
        foreach (var refused in outbox.TakeRefused())
        {
            Remove(refused);
        }

        Follow();
        AddProgress(batch);
        if (closing is { } close)
        {
            isByeWritten = true;
            batch.IsLast = true;
            batch.Add(ControlFrames.Bye(close.Code, close.Reason, close.RetryAfterMilliseconds), FrameKind.Control);
        }

        // One such turn is under way at the most: each flush that finds views held back would ask for one more, and
        // each of those flushes again.
        if (again != long.MaxValue && !isComingAgain)
        {
            isComingAgain = true;
            dependencies.Ticker.TellLater(Self, FlushAgain.Instance, again - Milliseconds());
        }

        if (batch.Count > 0)
        {
            Write(batch);
        }
    }

    // A feed may be read on while the client's views wait for its mark: to this client it has been read as far as when
    // the first of them was held back, which the flush before that had not shown.
    private void Follow()
    {
        if (!outbox.IsHolding)
        {
            shownUntil = long.MaxValue;
        }
        else if (shownUntil == long.MaxValue && feeds.Length > 0)
        {
            shownUntil = Math.Max(
                0, dependencies.Ticker.ReadUntil(feeds) - dependencies.Outbox.FlushMilliseconds);
        }
    }

    // Progress comes each second, and behind the first frame of a feed at once: without it the client cannot tell an
    // age. A write of its own costs as much as one of data. Who watches nothing is shown that the server lives.
    private void AddProgress(FrameBatch batch)
    {
        var now = Milliseconds();
        var rides = batch.Count > 0 && now - progressAt >= ProgressMilliseconds;
        var shown = batch.CountOf(FrameKind.Snapshot) + batch.CountOf(FrameKind.Resumed)
            + batch.CountOf(FrameKind.Rows);
        var isFirst = shown > 0 && owesFirstProgress;
        if (feeds.Length == 0)
        {
            if (owesProgress)
            {
                batch.Add(ControlFrames.Pong(null, Clock()), FrameKind.Control);
            }
        }
        else if (owesProgress || rides || isFirst)
        {
            progressAt = now;
            batch.Add(dependencies.Ticker.Progress(feeds, shownUntil), FrameKind.Progress);
            owesFirstProgress &= !isFirst;
            batch.Held = socket.WantsHeld ? Held() : null;
        }

        owesProgress = false;
    }

    private List<HeldKey> Held() =>
        [.. keys.Values.Where(place => place.Held is not null)
            .Select(place => new HeldKey(place.Feed, place.Key, place.Held!))];

    private void Write(FrameBatch batch)
    {
        isWriting = true;
        movedAt = writingSince = Milliseconds();
        dependencies.Metrics.Sent(batch.Counts, batch.Bytes, socket.Path);
        var write = socket.SendAsync(batch);
        if (write.IsCompletedSuccessfully)
        {
            OnWritten();
        }
        else if (write.IsFaulted)
        {
            Context.Stop(Self);
        }
        else
        {
            write.AsTask().PipeTo(Self, Self, () => Written.Instance);
        }
    }

    private void OnWritten()
    {
        isWriting = false;
        SetSlow(false);
        if (closing is { } close && isByeWritten)
        {
            socket.Close(close.Code, close.Reason);
            Context.Stop(Self);
        }
        else if (wantsFlush || closing is not null)
        {
            wantsFlush = false;
            OnFlush();
        }
        else if (outbox.HasMore)
        {
            // A message between two writes: a socket that takes everything at once must not hold the thread.
            Self.Tell(Flush.Instance);
        }
    }

    private void OnSecond()
    {
        if (isWriting)
        {
            var now = Milliseconds();
            SetSlow(now - writingSince > 1_000);
            if (socket.BytesTaken is var sofar && sofar != taken)
            {
                // A thin line takes long for one write, and its reader is served none the less.
                taken = sofar;
                movedAt = now;
            }

            if (now - movedAt > dependencies.SlowMilliseconds)
            {
                // Nothing can be written to it any more, not even why.
                dependencies.Metrics.ClosedSlow();
                socket.Close(CloseCode.TooSlow, "slow");
                Context.Stop(Self);
            }

            return;
        }

        outbox.Shrink();
        if (Milliseconds() - progressAt >= ProgressMilliseconds)
        {
            owesProgress = true;
            outbox.Wake();
        }
    }

    private void SetSlow(bool now)
    {
        if (isSlow != now)
        {
            isSlow = now;
            dependencies.Metrics.Slow(now ? 1 : -1);
            foreach (var feed in subscriptions.Keys)
            {
                dependencies.Metrics.Of(feed).SlowBy(now ? 1 : -1);
            }

            List();
        }
    }

    // Among the slowest, with what it watches now.
    private void List()
    {
        if (isSlow)
        {
            dependencies.Metrics.Stuck(Self.Path.Name, new SlowSocket(
                socket.Path, Clock() - (Milliseconds() - writingSince),
                feeds.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        }
        else
        {
            dependencies.Metrics.Unstuck(Self.Path.Name);
        }
    }

    private void Close(ClientCommands.Close close)
    {
        if (closing is null)
        {
            closing = close;
            OnFlush();
        }
    }

    private long Clock() => dependencies.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    private long Milliseconds() => (long)dependencies.Clock.GetElapsedTime(begun).TotalMilliseconds;

    // Akka makes an actor of an expression by reflection, which costs more than the actor itself.
    private sealed class Producer(ClientDependencies dependencies, IClientSocket socket, ClientSession? session)
        : IIndirectActorProducer
    {
        public Type ActorType => typeof(ClientActor);

        public ActorBase Produce() => new ClientActor(dependencies, socket, session);

        public void Release(ActorBase actor)
        {
        }
    }

    /// <summary>Write what is new.</summary>
    internal sealed class Flush : INoSerializationVerificationNeeded
    {
        public static readonly Flush Instance = new();
    }

    /// <summary>A second has passed.</summary>
    internal sealed class Second : INoSerializationVerificationNeeded
    {
        public static readonly Second Instance = new();
    }

    // What the flush before held back may be due now.
    private sealed class FlushAgain : INoSerializationVerificationNeeded
    {
        public static readonly FlushAgain Instance = new();
    }

    private sealed class Written : INoSerializationVerificationNeeded
    {
        public static readonly Written Instance = new();
    }
}
