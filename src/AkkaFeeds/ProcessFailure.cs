namespace AkkaFeeds;

/// <summary>
/// Where a running engine says that the process must end, for a cause found after its start (a topic that the broker
/// says does not exist). The first cause counts. The process stops in order, prints the cause's line and ends with its
/// exit code.
/// </summary>
public sealed class ProcessFailure
{
    private readonly TaskCompletionSource<StartupException> failed =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with the cause, or never.</summary>
    public Task<StartupException> Failed => failed.Task;

    /// <summary>The cause, or null while there is none.</summary>
    public StartupException? Cause => failed.Task.IsCompletedSuccessfully ? failed.Task.Result : null;

    /// <summary>Says that the process must end. Any thread.</summary>
    public void Fail(StartupException cause) => failed.TrySetResult(cause);
}
