using AkkaFeeds.Freshness;

namespace AkkaFeeds.Store;

/// <summary>
/// Asks the store twice a second whether it would take a write, so that screens know within two seconds that it does
/// not. An answer that is not there after a second counts as none.
/// </summary>
internal sealed class StoreProbe(StoreDatabase database, StoreBoard board, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource stop = new();
    private bool disposed;

    /// <summary>Begins to ask.</summary>
    public void Start() => _ = Task.Run(RunAsync);

    /// <inheritdoc/>
    public void Dispose()
    {
        // The container disposes of the engine under each of its names.
        if (!disposed)
        {
            disposed = true;
            stop.Cancel();
            stop.Dispose();
        }
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Every, clock);
        var asked = Task.CompletedTask;
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token).ConfigureAwait(false))
            {
                // A store that hangs is asked again only when it has answered.
                asked = asked.IsCompleted ? Task.Run(Ask) : asked;
                await asked.WaitAsync(Within, clock, stop.Token).ConfigureAwait(
                    ConfigureAwaitOptions.SuppressThrowing);
                if (!asked.IsCompleted)
                {
                    board.Failed();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    private void Ask()
    {
        try
        {
            database.Probe();
            board.Worked();
        }
        catch (Exception exception) when (exception is System.Data.Common.DbException or IOException)
        {
            board.Failed();
        }
    }
}
