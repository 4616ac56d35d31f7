namespace AkkaFeeds.Peers;

/// <summary>What the publisher waits for.</summary>
internal sealed class UpdateStart
{
    private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Begun => begun.Task;

    public void Begin() => begun.TrySetResult();
}
