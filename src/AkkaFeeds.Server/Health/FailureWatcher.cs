namespace AkkaFeeds.Server.Health;

/// <summary>Stops the process, in order, when the engine says that it must end.</summary>
internal sealed class FailureWatcher(ProcessFailure failure, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await failure.Failed.WaitAsync(stoppingToken).ConfigureAwait(false);
            lifetime.StopApplication();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends for another cause.
        }
    }
}
