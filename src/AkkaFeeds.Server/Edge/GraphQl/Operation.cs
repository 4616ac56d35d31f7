using GraphQL;

namespace AkkaFeeds.Server.Edge.GraphQl;

/// <summary>One subscription of a connection: what its field watches, and where each view of it is executed.</summary>
/// <param name="id">The client's name for it.</param>
internal sealed class Operation(string id) : IObservable<object?>, IDisposable
{
    private IObserver<object?>? executer;
    private IDisposable? results;
    private ShownKey? last;

    /// <summary>The client's name for it.</summary>
    public string Id => id;

    /// <summary>The key that it watches; null where it watches a collection.</summary>
    public (string Feed, string Key)? Key { get; init; }

    /// <summary>What the client's actor calls the collection that it watches; null where it watches a key.</summary>
    public string? Collection { get; init; }

    /// <summary>The feed.</summary>
    public required string Feed { get; init; }

    /// <summary>Whose key it is.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>Its text, name and variables: two operations with the same are executed alike.</summary>
    public string Selection { get; set; } = "";

    /// <summary>What is told to the client's actor to begin.</summary>
    public required Clients.ClientCommands.ICommand Begin { get; init; }

    /// <summary>What is told to the client's actor when nobody watches it any more.</summary>
    public required Clients.ClientCommands.ICommand End { get; init; }

    /// <summary>The rows that are to be shown with the next write; null for nothing.</summary>
    public object? Pending { get; set; }

    /// <summary>
    /// Whether this was not shown last. Another subscription to the same key has it answered again: that is no news
    /// here.
    /// </summary>
    public bool IsNews(ShownKey face)
    {
        var shown = face with { Cause = null };
        if (shown == last)
        {
            return false;
        }

        last = shown;
        return true;
    }

    /// <summary>Hands something to the executer, whose result comes before this returns.</summary>
    public void Execute(object shown) => executer?.OnNext(shown);

    /// <summary>Executes what is pending.</summary>
    public void ShowPending()
    {
        if (Pending is { } shown)
        {
            Pending = null;
            Execute(shown);
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
