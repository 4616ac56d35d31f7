using System.Text.Json;
using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;
using AkkaFeeds.Server.Edge.WebSockets;
using AkkaFeeds.Telemetry;
using GraphQL;

namespace AkkaFeeds.Server.Edge.GraphQl;

/// <summary>
/// One connection of graphql-transport-ws, as its client's actor sees it: the frames of a flush are folded, and each
/// operation that they concern is executed once over what came of them.
/// </summary>
/// <param name="stream">The stream below the WebSocket.</param>
/// <param name="executer">Executes.</param>
/// <param name="operationsMax">How many subscriptions may be open.</param>
internal sealed class GraphQlSocket(FrameStream stream, FeedExecuter executer, int operationsMax) : IClientSocket
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Operation> operations = [];
    private readonly HeldViews held = new();
    private readonly FrameBatch output = new();

    /// <inheritdoc/>
    public ClientPath Path => ClientPath.GraphQl;

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

            foreach (var operation in operations.Values)
            {
                operation.Show();
            }

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
            if (operation.Key is not { } key)
            {
                held.ForgetRows(id);
                return new ClientCommands.UnsubscribeRows(operation.Feed, id);
            }

            if (operations.Values.Any(other => other.Key == key))
            {
                return null;
            }

            held.Forget(key.Feed, key.Key);
            return new ClientCommands.Unsubscribe(key.Feed, new KeyName("", key.Key));
        }
    }

    private void Take(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var frame = document.RootElement;
        var op = frame.GetProperty("op").GetString()!;
        switch (op)
        {
            case "snapshot" or "delta" or "state":
                var name = (frame.GetProperty("feed").GetString()!, frame.GetProperty("key").GetString()!);
                var watching = operations.Values.Where(operation => operation.Key == name).ToList();
                var shown = watching.Count > 0 ? held.Take(op, frame) : null;
                watching.ForEach(operation => operation.Pending = shown);
                break;
            case "rows" when operations.TryGetValue(frame.GetProperty("id").GetString()!, out var rows):
                rows.Pending = held.TakeRows(rows.Id, frame);
                break;
            case "error":
                Refused(frame);
                break;
        }
    }

    private void Refused(JsonElement error)
    {
        var id = error.TryGetProperty("id", out var named) ? named.GetString() : null;
        var key = error.TryGetProperty("key", out var of)
            ? (error.GetProperty("feed").GetString()!, of.GetString()!) : ((string, string)?)null;
        var refused = operations.Values
            .Where(operation => operation.Id == id || (key is not null && operation.Key == key)).ToList();
        foreach (var operation in refused)
        {
            operations.Remove(operation.Id);
            operation.Dispose();
            output.Add(
                GraphQlMessages.Error(operation.Id, executer.Write(new ExecutionErrors
                {
                    FeedErrors.Of(error.GetProperty("code").GetString()!, error.GetProperty("message").GetString()!),
                })),
                FrameKind.Control);
        }
    }

    // Called within SendAsync, because no field of a view is resolved later than at once.
    private void Add(string id, ExecutionResult result) =>
        output.Add(GraphQlMessages.Next(id, executer.Write(result)), FrameKind.Delta);

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
