using Akka.Actor;
using AkkaFeeds.Contracts;
using AkkaFeeds.Telemetry;

namespace AkkaFeeds.Relays;

/// <summary>
/// One key on one node: subscribed once to its slot on behalf of all clients of the node, and the place where its
/// frames are encoded. A child of <see cref="RelayHubActor"/>, through which everything of the slot comes.
/// </summary>
internal sealed class RelayActor : UntypedActor
{
    private readonly HashSet<RelayMessages.IKeyScreen> screens = new(ReferenceEqualityComparer.Instance);
    private readonly KeyRelay relay;
    private readonly KeyName key;
    private readonly FreshnessMeter meter;
    private long joins;
    private bool hasNews;

    public RelayActor(string feed, KeyName key, SlotCondition condition, FreshnessMeter meter)
    {
        this.key = key;
        this.meter = meter;
        relay = new KeyRelay(feed, key, condition);
    }

    public static Props Props(string feed, KeyName key, SlotCondition condition, FreshnessMeter meter) =>
        Akka.Actor.Props.Create(() => new RelayActor(feed, key, condition, meter));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RelayMessages.WatchKey watch:
                joins++;
                screens.Add(watch.Screen);
                watch.Screen.Show(relay.Latest);
                break;
            case RelayMessages.UnwatchKey unwatch:
                screens.Remove(unwatch.Screen);
                if (screens.Count == 0)
                {
                    Context.Parent.Tell(new Empty(key, joins));
                }

                break;
            case WatchMessages.KeyBegins begins:
                relay.On(begins);
                ShowSoon();
                break;
            case WatchMessages.KeyChanged changed when relay.On(changed):
                meter.Observe(
                    FreshnessStage.Publish, Context.System.Scheduler.Now.ToUnixTimeMilliseconds() - changed.At);
                ShowSoon();
                break;
            case WatchMessages.KeyChanged:
                Context.Parent.Tell(new Broken(key));
                break;
            case SlotCondition condition:
                relay.On(condition);
                ShowSoon();
                break;
            case News:
                Show();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    // What waits in the mailbox already is shown together: one change costs as much as there are screens.
    private void ShowSoon()
    {
        if (!hasNews)
        {
            hasNews = true;
            Self.Tell(News.Instance);
        }
    }

    private void Show()
    {
        hasNews = false;
        foreach (var screen in screens)
        {
            screen.Show(relay.Latest);
        }
    }

    /// <summary>Nobody watches the key any more, of as many as have joined so far.</summary>
    internal sealed record Empty(KeyName Key, long Joins) : INoSerializationVerificationNeeded;

    private sealed class News : INoSerializationVerificationNeeded
    {
        public static readonly News Instance = new();
    }

    /// <summary>A change does not continue what is known: the slot has to show the key again.</summary>
    internal sealed record Broken(KeyName Key) : INoSerializationVerificationNeeded;
}
