using GraphQL;

namespace AkkaFeeds.Server.Edge.GraphQl;

/// <summary>One subscription of a connection: what its field watches, and where each view of it is executed.</summary>
/// <param name="id">The client's name for it.</param>
internal sealed class Operation(string id) : IObservable<object?>, IDisposable
{
    private IObserver<object?>? executer;
    private IDisposable? results;
    private object? last;

    /// <summary>The client's name for it.</summary>
    public string Id => id;

    /// <summary>The key that it watches; null where it watches a collection.</summary>
    public (string Feed, string Key)? Key { get; init; }

    /// <summary>The feed.</summary>
    public required string Feed { get; init; }

    /// <summary>What is told to the client's actor to begin.</summary>
    public required Clients.ClientCommands.ICommand Begin { get; init; }

    /// <summary>What is to be shown with the next write; null for nothing.</summary>
    public object? Pending { get; set; }

    /// <summary>
    /// Hands what is pending to the executer, whose result comes before this returns. Another subscription to the same
    /// key has it answered again: that is no news here.
    /// </summary>
    public void Show()
    {
        var shown = Pending;
        Pending = null;
        var face = shown is ShownKey key ? key with { Data = null, Cause = null } : shown;
        if (shown is not null && !Equals(face, last))
        {
            last = face;
            executer?.OnNext(shown);
        }
    }

    /// <summary>Takes the executer's results.</summary>
    public void Watch(IObservable<ExecutionResult> stream, IObserver<ExecutionResult> observer) =>
        results = stream.Subscribe(observer);

    /// <inheritdoc/>
    public IDisposable Subscribe(IObserver<object?> observer)
    {
        executer = observer;
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (executer is not null)
        {
            executer = null;
            results?.Dispose();
        }
    }
}
