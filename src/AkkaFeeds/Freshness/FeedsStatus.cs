using AkkaFeeds.Contracts;
using AkkaFeeds.Telemetry;
using Microsoft.Extensions.Hosting;

namespace AkkaFeeds.Freshness;

/// <summary>
/// How the feeds are and have been, from the board and the metrics of this node; it samples as long as the process
/// serves, whether anybody asks or not.
/// </summary>
internal sealed class FeedsStatus : IFeedsStatus, IHostedService, IDisposable
{
    private const int SlowestMax = 10;

    private readonly FreshnessBoard board;
    private readonly FeedMetrics metrics;
    private readonly TimeProvider clock;
    private readonly Func<string> node;
    private readonly Dictionary<string, FeedHistory> histories;
    private ITimer? timer;

    /// <summary>Makes it; it samples from its start.</summary>
    /// <param name="board">What this node knows of lanes and slots.</param>
    /// <param name="metrics">What it has counted.</param>
    /// <param name="feeds">The feeds by name.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="node">This node's name for readers.</param>
    public FeedsStatus(
        FreshnessBoard board, FeedMetrics metrics, IEnumerable<string> feeds, TimeProvider clock, Func<string> node)
    {
        this.board = board;
        this.metrics = metrics;
        this.clock = clock;
        this.node = node;
        histories = feeds.ToDictionary(feed => feed, _ => new FeedHistory(), StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public FeedStatus Of(string feed)
    {
        var state = board.Of(feed).Status();
        var history = histories[feed];
        var clients = metrics.Clients.Of(feed);
        return new FeedStatus(
            node(), state, history.States(state, Now()), history.Stages(metrics.Freshness(feed)), Lanes(feed),
            Quarantined(feed), clients.Connections, clients.Subscriptions, clients.Slow,
            metrics.Clients.SlowestOf(feed, Now(), SlowestMax));
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        timer = clock.CreateTimer(_ => Sample(), null, TimeSpan.Zero, FeedHistory.Every);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => timer?.Dispose();

    private List<LaneStatus> Lanes(string feed) =>
        [.. board.Of(feed).Lanes().Select(lane => lane with { Node = NameOf(lane.Node) })
            .OrderBy(lane => lane.Topic, StringComparer.Ordinal).ThenBy(lane => lane.Partition)];

    // Every reason, also those that nothing was put aside for: who watches one sees it begin.
    private List<KeyValuePair<string, long>> Quarantined(string feed)
    {
        var counts = Reasons.All.ToDictionary(reason => reason, _ => 0L, StringComparer.Ordinal);
        foreach (var (reason, records) in board.Of(feed).Quarantined())
        {
            counts[reason] = counts.GetValueOrDefault(reason) + records;
        }

        return [.. counts.OrderBy(count => count.Key, StringComparer.Ordinal)];
    }

    // akka.tcp://akkafeeds@127.0.0.1:4053#7 is 127.0.0.1:4053 to a reader.
    private string? NameOf(string? name) => name switch
    {
        null => null,
        LaneEntry.ThisNode => node(),
        _ => name[(name.IndexOf('@', StringComparison.Ordinal) + 1)..].Split('#')[0],
    };

    private void Sample()
    {
        foreach (var (feed, history) in histories)
        {
            history.Sample(board.Of(feed).Status(), metrics.Freshness(feed), Now());
        }
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
