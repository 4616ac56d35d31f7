using System.Collections.Concurrent;

namespace AkkaFeeds.Clients;

/// <summary>
/// Does something with each of many once a second, and spreads that over the second: thousands in one instant would
/// stand before everything else. Safe for several threads.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="each">What is done.</param>
internal sealed class SpreadSeconds<T>(TimeProvider clock, Action<T> each) : IDisposable
    where T : notnull
{
    /// <summary>How many turns a second has.</summary>
    public const int Turns = 20;

    private readonly ConcurrentDictionary<T, byte>[] turns = [..
        Enumerable.Range(0, Turns).Select(_ => new ConcurrentDictionary<T, byte>())];

    private ITimer? timer;
    private int turn;

    /// <summary>Begins.</summary>
    public void Start() =>
        timer = clock.CreateTimer(_ => Turn(), null, TimeSpan.FromSeconds(1) / Turns, TimeSpan.FromSeconds(1) / Turns);

    /// <summary>Does it with one more; false where it did so before.</summary>
    public bool Add(T item) => TurnOf(item).TryAdd(item, 0);

    /// <summary>Does it with one no more; false where it did not.</summary>
    public bool Remove(T item) => TurnOf(item).TryRemove(item, out _);

    /// <inheritdoc/>
    public void Dispose() => timer?.Dispose();

    private void Turn()
    {
        foreach (var (item, _) in turns[(uint)Interlocked.Increment(ref turn) % Turns])
        {
            each(item);
        }
    }

    private ConcurrentDictionary<T, byte> TurnOf(T item) => turns[(uint)item.GetHashCode() % Turns];
}
