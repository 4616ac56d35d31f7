using AkkaFeeds.Contracts;

namespace AkkaFeeds.Relays;

/// <summary>
/// Waits until a key shows something else than what the poller holds. A relay that was kept may still show what was
/// before: the poller has read the slot, and is not led back.
/// </summary>
/// <param name="held">What the poller holds, as the slot showed it a moment ago.</param>
internal sealed class LongPoll(KeySnapshot held) : RelayMessages.IKeyScreen
{
    private readonly TaskCompletionSource<KeySnapshot> changed =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What it shows then.</summary>
    public Task<KeySnapshot> Changed => changed.Task;

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
        if (shown.Tag != held.Tag)
        {
            changed.TrySetResult(shown with { Data = newest.View?.ToJson() ?? default });
        }
    }

    private bool IsBehind(ViewVersion newest) => newest.Epoch == held.Epoch
        ? newest.Version < held.Version
        : ViewVersion.IsSameLog(held.Epoch, newest.Epoch) && !newest.HasReached(held.Positions);
}
