using AkkaFeeds.Freshness;
using Microsoft.Extensions.Logging;

namespace AkkaFeeds.Store;

/// <summary>
/// Asks the store twice a second whether it would take a write, so that screens know within two seconds that it does
/// not. An answer that is not there at the second tick counts as none. A store that is not the one that was opened
/// ends the process: what it lacks is read from the log at the next start.
/// </summary>
internal sealed class StoreProbe(
    StoreDatabase database, StoreBoard board, ProcessFailure failure, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(0.9);

    private Task asked = Task.CompletedTask;
    private ILogger? logger;
    private ITimer? timer;
    private long askedAt;

    /// <summary>Begins to ask.</summary>
    public void Start(ILogger log)
    {
        logger = log;
        timer = clock.CreateTimer(_ => Tick(), null, Every, Every);
    }

    /// <inheritdoc/>
    public void Dispose() => timer?.Dispose();

    private void Tick()
    {
        // A store that hangs is asked again only when it has answered.
        if (asked.IsCompleted)
        {
            askedAt = clock.GetTimestamp();
            asked = Task.Run(Ask);
        }
        else if (clock.GetElapsedTime(askedAt) >= Within)
        {
            Failed("it does not answer");
        }
    }

    private void Ask()
    {
        try
        {
            if (database.Probe() == database.Identity)
            {
                Worked();
                return;
            }

            failure.Fail(new StartupException(
                $"store {database.DisplayName}",
                "it is not the store that this process opened: it was emptied or swapped under it",
                "start again, and what it lacks is read from the log"));
        }
        catch (Exception exception)
        {
            // Whatever it is: a probe that ended in silence would leave the store called healthy.
            Failed(database.Explain(exception));
        }
    }

    private void Worked()
    {
        if (board.Worked() is { } since)
        {
            EngineLog.StoreUp(logger!, database.DisplayName, clock.GetUtcNow().ToUnixTimeMilliseconds() - since);
        }
    }

    private void Failed(string why)
    {
        if (board.Failed())
        {
            EngineLog.StoreDown(logger!, database.DisplayName, why);
        }
    }
}
