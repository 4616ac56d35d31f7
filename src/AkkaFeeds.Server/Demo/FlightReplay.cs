using System.Threading.Channels;

namespace AkkaFeeds.Server.Demo;

/// <summary>Sends the sample's flights to Kafka for as long as the process runs. Registered after the engine, it
/// starts after it and stops before it.</summary>
/// <param name="target">Where to, and how fast.</param>
/// <param name="brokers">Tells host:port, once the engine has started.</param>
/// <param name="failure">Hears of a defect: a demo without records would show nothing and say nothing.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed class FlightReplay(
    ReplayTarget target, Func<string> brokers, ProcessFailure failure, TimeProvider clock,
    ILogger<FlightReplay> logger) : BackgroundService
{
    /// <summary>Often enough to look even, and seldom enough to cost nothing.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(20);

    /// <summary>The engine's drain comes after this, within the same stop.</summary>
    private static readonly TimeSpan FlushWithin = TimeSpan.FromSeconds(2);

    private readonly ReplayPace pace = new(target.Rate, target.Backlog);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RunAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure.Fail(new StartupException(
                "the replay", $"it ended ({exception.GetType().Name}: {exception.Message})",
                "report it with this line and the log", StartupException.Failed, exception));
        }
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        var sample = FlightSample.Load();
        var records = new FlightRecords(sample);
        using var producer = new ReplayProducer(brokers(), target, clock, logger);
        DemoLog.Replays(logger, sample.Flights.Count, target.Backlog, target.Rate);
        try
        {
            await ReplayAsync(records, producer, stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            producer.Flush(FlushWithin);
            DemoLog.Ended(logger, pace.Taken);
        }
    }

    private async Task ReplayAsync(FlightRecords records, ReplayProducer producer, CancellationToken stopping)
    {
        var ticks = Channel.CreateBounded<bool>(new BoundedChannelOptions(1)
        {
            FullMode = BoundedChannelFullMode.DropWrite,
        });
        var start = clock.GetTimestamp();
        await using var timer = clock.CreateTimer(_ => ticks.Writer.TryWrite(true), null, TimeSpan.Zero, Every);
        await foreach (var _ in ticks.Reader.ReadAllAsync(stopping).ConfigureAwait(false))
        {
            SendDue(records, producer, clock.GetElapsedTime(start));
        }
    }

    private void SendDue(FlightRecords records, ReplayProducer producer, TimeSpan elapsed)
    {
        var now = clock.GetUtcNow();
        for (var due = pace.Due(elapsed); due > 0; due--)
        {
            var date = now - pace.Age(elapsed);
            if (!producer.TrySend(records.Key(pace.Taken), records.Value(pace.Taken, date)))
            {
                return;
            }

            pace.Take();
        }
    }
}
