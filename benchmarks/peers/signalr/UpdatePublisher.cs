using System.Diagnostics;
using Microsoft.AspNetCore.SignalR;

namespace AkkaFeeds.Peers;

/// <summary>Publishes updates at the wanted rate, as soon as all have subscribed.</summary>
internal sealed class UpdatePublisher(IHubContext<KeysHub> hub, PeerLoad load, UpdateStart start) : BackgroundService
{
    // What SignalR's record and the fields other than the padding weigh.
    private const int Frame = 168;

    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var random = new Random(7);
        var versions = new long[load.Keys];
        var padding = new string('x', Math.Max(1, load.FrameBytes - Frame));
        await start.Begun.WaitAsync(stoppingToken);
        var began = DateTimeOffset.UtcNow;
        var watch = Stopwatch.StartNew();
        var published = 0L;
        using var timer = new PeriodicTimer(Turn);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            for (; published < watch.Elapsed.TotalSeconds * load.UpdatesPerSecond; published++)
            {
                // The turn in which it was due: one that comes late is old.
                var turn = Math.Ceiling(published / load.UpdatesPerSecond / Turn.TotalSeconds) * Turn;
                var sent = (began + turn - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
                var index = random.Next(load.Keys);
                var version = ++versions[index];
                var update = new KeyUpdate(
                    "load", $"k{index}", version - 1, version, new(version, sent, padding), sent / 1_000);
                await hub.Clients.Group(update.Key).SendAsync("delta", update, stoppingToken);
            }
        }
    }
}
