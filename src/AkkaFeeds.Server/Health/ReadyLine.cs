using AkkaFeeds.Contracts;

namespace AkkaFeeds.Server.Health;

/// <summary>Says on stdout where the edge is, once it is ready: whoever started the process waits for that
/// line.</summary>
internal static class ReadyLine
{
    /// <summary>The health is a few fields in memory, so asking often costs nothing and holds no start up.</summary>
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until the node is ready and writes each URL on a line of its own; ends early when the process
    /// does.</summary>
    public static async Task WriteAsync(IHost host, IReadOnlyList<string> urls, TextWriter output)
    {
        var health = host.Services.GetRequiredService<IFeedsHealth>();
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await ReadyAsync(health, host.Services.GetRequiredService<TimeProvider>(), stopping).ConfigureAwait(false);
            foreach (var url in urls)
            {
                await output.WriteLineAsync(url.AsMemory(), stopping).ConfigureAwait(false);
            }

            await output.FlushAsync(stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped before it was ready: there is nothing to announce.
        }
    }

    private static async Task ReadyAsync(IFeedsHealth health, TimeProvider clock, CancellationToken stopping)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var timer = clock.CreateTimer(
            _ =>
            {
                if (health.Read().Ready)
                {
                    ready.TrySetResult();
                }
            },
            null, TimeSpan.Zero, AskEvery);
        await ready.Task.WaitAsync(stopping).ConfigureAwait(false);
    }
}
