using AkkaFeeds.Contracts;

namespace AkkaFeeds.Relays;

/// <summary>
/// Sees when a relay shows of a key something else than what the poller holds. A relay that was kept may still show
/// what was before: the poller has read the slot, and is not led back.
/// </summary>
/// <param name="held">What the poller holds, as the slot showed it a moment ago.</param>
internal sealed class LongPoll(KeySnapshot held) : RelayMessages.IKeyScreen
{
    private volatile KeySnapshot? other;
    private TaskCompletionSource next = New();

    /// <summary>What the relay shows, where that is something else.</summary>
    public KeySnapshot? Other => other;

    /// <summary>Completes when the relay shows something again.</summary>
    public Task Next => Volatile.Read(ref next).Task;

    /// <inheritdoc/>
    public void Show(Latest<KeyView> latest)
    {
        var view = latest.View;

        // Before slot and relay have met there is nothing to compare with.
        if (view is not { Newest: { } newest, Read: not null } || IsBehind(newest))
        {
            return;
        }

        var shown = new KeySnapshot(
            newest.Name.Feed, newest.Name.Key, newest.Epoch, newest.Version, default, newest.At, newest.Positions,
            view.Freshness);
        other = shown.Tag == held.Tag ? null : shown with { Data = newest.View?.ToJson() ?? default };
        Interlocked.Exchange(ref next, New()).SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool IsBehind(ViewVersion newest) => newest.Epoch == held.Epoch
        ? newest.Version < held.Version
        : ViewVersion.IsSameLog(held.Epoch, newest.Epoch) && !newest.HasReached(held.Positions);
}
