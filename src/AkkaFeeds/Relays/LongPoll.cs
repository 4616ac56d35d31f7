using AkkaFeeds.Contracts;

namespace AkkaFeeds.Relays;

/// <summary>
/// Waits until a relay shows of a key something else than what the poller holds. A relay that was kept may still show
/// what was before: the poller has read the slot, and is not led back.
/// </summary>
/// <param name="held">What the poller holds, as the slot showed it a moment ago.</param>
internal sealed class LongPoll(KeySnapshot held) : RelayMessages.IKeyScreen
{
    private readonly Lock gate = new();
    private TaskCompletionSource<KeySnapshot> other = New<KeySnapshot>();
    private TaskCompletionSource<bool> agreed = New<bool>();

    /// <summary>What the relay shows, where that is something else; else what it will show then.</summary>
    public Task<KeySnapshot> Other
    {
        get
        {
            lock (gate)
            {
                return other.Task;
            }
        }
    }

    /// <summary>Waits until the relay shows what the poller holds, but not for long.</summary>
    public async Task AgreesAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        Task agrees;
        lock (gate)
        {
            agrees = agreed.Task;
        }

        try
        {
            await agrees.WaitAsync(atMost, cancellation);
        }
        catch (TimeoutException)
        {
            // It still shows something else.
        }
    }

    /// <inheritdoc/>
    public void Show(KeyView view)
    {
        // Before slot and relay have met there is nothing to compare with.
        if (view is not { Newest: { } newest, Read: not null } || IsBehind(newest))
        {
            return;
        }

        var shown = new KeySnapshot(
            newest.Name.Feed, newest.Name.Key, newest.Epoch, newest.Version, default, newest.At, newest.Positions,
            view.Freshness);
        var isOther = shown.Tag != held.Tag;
        lock (gate)
        {
            if (isOther)
            {
                Set(ref other, shown with { Data = newest.View?.ToJson() ?? default });
                Reset(ref agreed);
            }
            else
            {
                Set(ref agreed, true);
                Reset(ref other);
            }
        }
    }

    private static TaskCompletionSource<T> New<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void Set<T>(ref TaskCompletionSource<T> source, T value)
    {
        Reset(ref source);
        source.SetResult(value);
    }

    private static void Reset<T>(ref TaskCompletionSource<T> source)
    {
        if (source.Task.IsCompleted)
        {
            source = New<T>();
        }
    }

    private bool IsBehind(ViewVersion newest) => newest.Epoch == held.Epoch
        ? newest.Version < held.Version
        : ViewVersion.IsSameLog(held.Epoch, newest.Epoch) && !newest.HasReached(held.Positions);
}
