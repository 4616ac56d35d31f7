using System.Data.Common;
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

    private Task asked = Task.CompletedTask;
    private ITimer? timer;
    private long askedAt;

    /// <summary>Begins to ask.</summary>
    public void Start() => timer = clock.CreateTimer(_ => Tick(), null, Every, Every);

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
            board.Failed();
        }
    }

    private void Ask()
    {
        try
        {
            database.Probe();
            board.Worked();
        }
        catch (Exception exception) when (exception is DbException or IOException)
        {
            board.Failed();
        }
    }
}
