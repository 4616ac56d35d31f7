namespace AkkaFeeds.Server.Health;

/// <summary>
/// Keeps the runtime's thread for background collections alive. It ends behind 20 s without one, and the collection of
/// the oldest generation that makes it again does not wait for it and stops all threads instead (dotnet/runtime#13238,
/// mended behind .NET 10): for a sixth of a second with 5,000 clients, in the middle of a crowd that comes in.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="newest">A number that every background collection changes.</param>
/// <param name="begin">Begins one, and does not wait for it.</param>
internal sealed class BackgroundCollections(TimeProvider clock, Func<long> newest, Action begin)
    : IHostedService, IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    // One look late, and a timer that is late itself, are still within the 20 s.
    private static readonly TimeSpan WithoutOne = TimeSpan.FromSeconds(16);

    private ITimer? timer;
    private long seen;
    private long seenAt;

    /// <summary>Those of this process.</summary>
    public static BackgroundCollections OfProcess(TimeProvider clock) => new(
        clock, () => GC.GetGCMemoryInfo(GCKind.Background).Index,
        () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false));

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // The first one stops all threads; there is next to nothing to collect yet.
        begin();
        (seen, seenAt) = (newest(), clock.GetTimestamp());
        timer = clock.CreateTimer(_ => Look(), null, Every, Every);
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

    private void Look()
    {
        var now = newest();
        if (now == seen && clock.GetElapsedTime(seenAt) >= WithoutOne)
        {
            begin();
            now = newest();
            seenAt = clock.GetTimestamp();
        }
        else if (now != seen)
        {
            seenAt = clock.GetTimestamp();
        }

        seen = now;
    }
}
