using System.Diagnostics;

namespace AkkaFeeds.Harness;

/// <summary>
/// Waits for what another process does. Such a thing raises no event here, so a condition is asked again until it
/// holds;
/// nothing is ever taken to have happened because time has passed.
/// </summary>
public static class Waiting
{
    /// <summary>Asks until the condition gives a value, and returns it.</summary>
    /// <param name="condition">Gives null while it does not hold.</param>
    /// <param name="what">What is waited for, for the error.</param>
    /// <param name="limit">How long at the most.</param>
    /// <param name="every">The pause between two questions.</param>
    /// <param name="tail">What to say beside the error.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="TimeoutException">The condition did not hold in time.</exception>
    public static async Task<T> ForAsync<T>(
        Func<Task<T?>> condition, string what, TimeSpan limit, TimeSpan every,
        Func<string>? tail = null, CancellationToken cancellation = default)
        where T : class
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            if (await condition() is { } value)
            {
                return value;
            }

            if (watch.Elapsed > limit)
            {
                var last = tail?.Invoke() ?? "";
                throw new TimeoutException($"{what}: not within {limit.TotalSeconds:F0} s\n{last}".TrimEnd());
            }

            await PauseAsync(every, cancellation);
        }
    }

    /// <summary>
    /// A pause of the clock's: between two questions, or up to a random instant at which a process is killed.
    /// </summary>
    public static async Task PauseAsync(TimeSpan time, CancellationToken cancellation = default)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var timer = TimeProvider.System.CreateTimer(
            _ => over.TrySetResult(), null, time, Timeout.InfiniteTimeSpan);
        await over.Task.WaitAsync(cancellation);
    }
}
