using AkkaFeeds.Server.Edge.Streams;
using AkkaFeeds.Tests.Clients;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

/// <summary>A crowd is let in as fast as the node begins streams, and told when to come back.</summary>
public sealed class ConnectionAdmissionTests
{
    private readonly ManualClock clock = new();

    [Fact]
    public void Five_seconds_of_them_may_come_at_once()
    {
        var admission = new ConnectionAdmission(clock, 100);
        Assert.Equal(500, Enumerable.Range(0, 1_000).Count(_ => admission.TryEnter(out var _)));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(100, Enumerable.Range(0, 1_000).Count(_ => admission.TryEnter(out var _)));
    }

    [Fact]
    public void Those_that_were_cut_at_once_do_not_come_back_at_once()
    {
        const int Crowd = 5_000;
        var admission = new ConnectionAdmission(clock, 500);
        var waiting = new PriorityQueue<int, long>();
        for (var client = 0; client < Crowd; client++)
        {
            waiting.Enqueue(client, 0);
        }

        // Each comes back when it was told to; nobody is turned away more than a few times.
        var (now, tries) = (0L, 0);
        while (waiting.TryDequeue(out var client, out var at))
        {
            clock.Advance(TimeSpan.FromMilliseconds(at - now));
            (now, tries) = (at, tries + 1);
            if (!admission.TryEnter(out var retryAfter))
            {
                waiting.Enqueue(client, now + retryAfter);
            }
        }

        Assert.InRange(now, 4_000, 10_000);
        Assert.InRange(tries, Crowd, 2 * Crowd);
    }
}
