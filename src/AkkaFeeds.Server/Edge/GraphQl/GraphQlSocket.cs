using System.Text.Json;
using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;
using AkkaFeeds.Server.Edge.WebSockets;
using AkkaFeeds.Telemetry;
using GraphQL;

namespace AkkaFeeds.Server.Edge.GraphQl;

/// <summary>
/// One connection of graphql-transport-ws, as its client's actor sees it: each operation that the frames of a flush
/// concern is executed once over the newest of them, unless another connection has asked alike.
/// </summary>
/// <param name="stream">The stream below the WebSocket.</param>
/// <param name="executer">Executes.</param>
/// <param name="operationsMax">How many subscriptions may be open.</param>
internal sealed class GraphQlSocket(FrameStream stream, FeedExecuter executer, int operationsMax) : IClientSocket
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Operation> operations = [];
    private readonly Dictionary<(string Feed, string Key), WatchedKey> keys = [];
    private readonly Dictionary<string, (Operation Operation, HeldRows Held)> rows = [];
    private readonly List<WatchedKey> news = [];
    private readonly FrameBatch output = new();
    private SharedResults.Name? executing;

    /// <inheritdoc/>
    public ClientPath Path => ClientPath.GraphQl;

    /// <inheritdoc/>
    public long BytesTaken => stream.BytesTaken;

    /// <inheritdoc/>
    public bool WantsWhole => true;

    /// <summary>Ends the connection with a code and a reason.</summary>
    public required Action<int, string> OnClose { get; init; }

    /// <inheritdoc/>
    public ValueTask SendAsync(FrameBatch frames)
    {
        lock (gate)
        {
            output.Clear();
            for (var index = 0; index < frames.Count; index++)
            {
                Take(frames[index]);
            }

            ShowNews();
            return output.Count == 0 ? ValueTask.CompletedTask : stream.WriteFramesAsync(output);
        }
    }

    /// <inheritdoc/>
    public void Close(int code, string reason) => OnClose(code, reason);

    /// <summary>Whether an operation of that name is open.</summary>
    public bool Has(string id)
    {
        lock (gate)
        {
            return operations.ContainsKey(id);
        }
    }

    /// <summary>Begins an operation whose field has been resolved; false where there is no room.</summary>
    public bool TryAdd(Operation operation, IObservable<ExecutionResult> results)
    {
        lock (gate)
        {
            if (operations.Count >= operationsMax)
            {
                return false;
            }

            operations.Add(operation.Id, operation);
            if (operation.Key is { } key)
            {
                if (!keys.TryGetValue(key, out var watched))
                {
                    keys.Add(key, watched = new WatchedKey(key.Key));
                }

                watched.Operations.Add(operation);
            }
            else
            {
                rows.Add(operation.Collection!, (operation, new HeldRows()));
            }

            operation.Watch(results, new Results(this, operation.Id));
            return true;
        }
    }

    /// <summary>Ends an operation; gives what its client's actor is to be told, or null.</summary>
    public ClientCommands.ICommand? Remove(string id)
    {
        lock (gate)
        {
            if (!operations.Remove(id, out var operation))
            {
                return null;
            }

            operation.Dispose();
            return Forget(operation) ? operation.End : null;
        }
    }

    // Whether nobody watches any more what it watched.
    private bool Forget(Operation operation)
    {
        if (operation.Key is not { } key)
        {
            rows.Remove(operation.Collection!);
            return true;
        }

        var watched = keys[key];
        watched.Operations.Remove(operation);
        return watched.Operations.Count == 0 && keys.Remove(key);
    }

    private void Take(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, ViewDepth.OfDocuments);
        var frame = document.RootElement;
        var op = frame.GetProperty("op");
        if (op.ValueEquals("snapshot"u8) || op.ValueEquals("state"u8))
        {
            var name = (frame.GetProperty("feed").GetString()!, frame.GetProperty("key").GetString()!);
            if (keys.TryGetValue(name, out var watched))
            {
                watched.Take(frame, op.ValueEquals("snapshot"u8));
                if (!watched.IsNews)
                {
                    watched.IsNews = true;
                    news.Add(watched);
                }
            }
        }
        else if (op.ValueEquals("rows"u8))
        {
            TakeRows(frame);
        }
        else if (op.ValueEquals("error"u8))
        {
            Refused(frame);
        }
    }

    private void TakeRows(JsonElement frame)
    {
        if (rows.TryGetValue(frame.GetProperty("id").GetString()!, out var watched))
        {
            watched.Held.Take(frame);
            watched.Operation.Pending = watched.Held.Shown();
        }
    }

    private void ShowNews()
    {
        foreach (var key in news)
        {
            key.IsNews = false;
            foreach (var operation in key.Operations)
            {
                Show(operation, key);
            }
        }

        news.Clear();
        foreach (var (operation, _) in rows.Values)
        {
            operation.ShowPending();
        }
    }

    private void Show(Operation operation, WatchedKey key)
    {
        if (!operation.IsNews(key.Face))
        {
            return;
        }

        var name = new SharedResults.Name(operation.Selection, operation.Tenant, operation.Feed, key.Face);
        if (executer.Results.Find(name) is { } known)
        {
            Add(operation.Id, known);
            return;
        }

        executing = name;
        operation.Execute(key.Face with { Data = key.Data() });
        executing = null;
    }

    private void Refused(JsonElement error)
    {
        var id = error.TryGetProperty("id", out var named) ? named.GetString() : null;
        var key = error.TryGetProperty("key", out var of)
            ? (error.GetProperty("feed").GetString()!, of.GetString()!) : ((string, string)?)null;
        var refused = operations.Values
            .Where(operation => key is null
                ? id is not null && operation.Collection == id
                : operation.Key == key)
            .ToList();
        foreach (var operation in refused)
        {
            operations.Remove(operation.Id);
            operation.Dispose();
            Forget(operation);
            output.Add(
                GraphQlMessages.Error(operation.Id, executer.Write(new ExecutionErrors
                {
                    FeedErrors.Of(error.GetProperty("code").GetString()!, error.GetProperty("message").GetString()!),
                })),
                FrameKind.Control);
        }
    }

    // Called within SendAsync, because no field of a view is resolved later than at once.
    private void Add(string id, ExecutionResult result)
    {
        var payload = executer.Write(result);
        if (executing is { } name && result.Errors is not { Count: > 0 })
        {
            executer.Results.Add(name, payload);
        }

        Add(id, payload);
    }

    private void Add(string id, byte[] payload)
    {
        GraphQlMessages.WriteNext(id, payload, output.Begin());
        output.End(FrameKind.Delta);
    }

    private sealed class Results(GraphQlSocket socket, string id) : IObserver<ExecutionResult>
    {
        public void OnNext(ExecutionResult value) => socket.Add(id, value);

        public void OnError(Exception error) => socket.Add(id, new ExecutionResult
        {
            Errors =
            [
                FeedErrors.Of(ProblemCodes.Internal, "The selection failed inside the server; its log says why."),
            ],
        });

        public void OnCompleted()
        {
        }
    }
}
