using Akka.Actor;
using AkkaFeeds.Telemetry;

namespace AkkaFeeds.Clients;

/// <summary>
/// Lists the client among the slow ones while it is one. Behind each message two fields are compared; who keeps pace
/// costs nothing else, and is in no list.
/// </summary>
internal sealed partial class ClientActor
{
    private string? listedFeeds;

    protected override bool AroundReceive(Receive receive, object message)
    {
        var isHandled = base.AroundReceive(receive, message);
        if (isSlow ? !ReferenceEquals(listedFeeds, feeds) : listedFeeds is not null)
        {
            List();
        }

        return isHandled;
    }

    public override void AroundPostStop()
    {
        base.AroundPostStop();
        List();
    }

    private void List()
    {
        if (isSlow)
        {
            listedFeeds = feeds;
            dependencies.Metrics.Stuck(Self.Path.Name, new SlowSocket(
                socket.Path, Clock() - (Milliseconds() - writingSince),
                feeds.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        }
        else if (listedFeeds is not null)
        {
            listedFeeds = null;
            dependencies.Metrics.Unstuck(Self.Path.Name);
        }
    }
}
