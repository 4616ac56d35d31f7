using System.Diagnostics;
using Microsoft.AspNetCore.SignalR;

namespace AkkaFeeds.Peers;

/// <summary>Publishes updates at the wanted rate.</summary>
internal sealed class UpdatePublisher(IHubContext<KeysHub> hub, PeerLoad load) : BackgroundService
{
    // What SignalR's record and the fields other than the padding weigh.
    private const int Frame = 168;

    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var random = new Random(7);
        var versions = new long[load.Keys];
        var padding = new string('x', Math.Max(1, load.FrameBytes - Frame));
        var watch = Stopwatch.StartNew();
        var published = 0L;
        using var timer = new PeriodicTimer(Turn);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            for (; published < watch.Elapsed.TotalSeconds * load.UpdatesPerSecond; published++)
            {
                var index = random.Next(load.Keys);
                var version = ++versions[index];
                var now = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / 10;
                var update = new KeyUpdate(
                    "load", $"k{index}", version - 1, version, new(version, now, padding), now / 1_000);
                await hub.Clients.Group(update.Key).SendAsync("delta", update, stoppingToken);
            }
        }
    }
}
