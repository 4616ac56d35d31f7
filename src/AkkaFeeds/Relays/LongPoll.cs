using AkkaFeeds.Contracts;

namespace AkkaFeeds.Relays;

/// <summary>Waits until a key shows something else than what the poller holds.</summary>
/// <param name="tag">What the poller holds.</param>
internal sealed class LongPoll(string tag) : RelayMessages.IKeyScreen
{
    private readonly TaskCompletionSource<KeySnapshot> changed =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What it shows then.</summary>
    public Task<KeySnapshot> Changed => changed.Task;

    /// <inheritdoc/>
    public void Show(KeyView view)
    {
        // Before slot and relay have met there is nothing to compare with.
        if (view is not { Newest: { } newest, Read: not null })
        {
            return;
        }

        var shown = new KeySnapshot(
            newest.Name.Feed, newest.Name.Key, newest.Epoch, newest.Version, default, newest.At, newest.Positions,
            view.Freshness);
        if (shown.Tag != tag)
        {
            changed.TrySetResult(shown with { Data = newest.View?.ToJson() ?? default });
        }
    }
}
