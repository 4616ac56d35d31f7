using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;
using AkkaFeeds.Server.Edge.WebSockets;
using GraphQL;
using GraphQLParser.AST;

namespace AkkaFeeds.Server.Edge.GraphQl;

/// <summary>Reads one connection of graphql-transport-ws; its states are those of the protocol.</summary>
// Opened -> Acknowledged (connection_init; a client's actor begins) -> ended. What breaks the protocol ends it by a
// code.
internal sealed class GraphQlConnection : IDisposable
{
    /// <summary>The characters of an operation's id.</summary>
    public const int IdLengthMax = 128;

    /// <summary>How deep a message may be nested.</summary>
    public const int DepthMax = 32;

    private static readonly JsonDocumentOptions Strict =
        new() { MaxDepth = DepthMax, AllowDuplicateProperties = false };

    private readonly AcceptedSocket accepted;
    private readonly FrameStream stream;
    private readonly FeedExecuter executer;
    private readonly ClientGateway gateway;
    private readonly CommandRate rate;
    private readonly GraphQlSocket client;
    private readonly FrameDeadline deadline;
    private readonly ITimer init;
    private readonly TimeProvider clock;
    private ClientSession? session;
    private int collections;

    public GraphQlConnection(
        AcceptedSocket accepted, FeedExecuter executer, ClientGateway gateway, TimeSpan initWithin, TimeProvider clock)
    {
        this.accepted = accepted;
        stream = accepted.Stream;
        this.executer = executer;
        this.gateway = gateway;
        this.clock = clock;
        rate = new CommandRate(clock, gateway.Commands, gateway.SubscriptionsMax);
        client = new GraphQlSocket(stream, executer, gateway.SubscriptionsMax)
        {
            OnClose = (code, reason) => _ = accepted.CloseAsync(code, reason),
        };
        deadline = new FrameDeadline(clock, () => _ = accepted.CloseAsync(CloseCode.TooSlow, "slow"));
        stream.Boundary.Deadline = deadline;
        init = clock.CreateTimer(_ => CloseUnlessBegun(), null, initWithin, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Reads until the connection ends.</summary>
    /// <param name="leave">Completes when it may be cleared away.</param>
    /// <param name="cancellation">Says goodbye.</param>
    public async Task RunAsync(Func<Task> leave, CancellationToken cancellation)
    {
        using var stopping = cancellation.Register(() => _ = accepted.CloseAsync(CloseCode.GoingAway, "going-away"));
        try
        {
            while (await ReceiveAsync(client).ConfigureAwait(false))
            {
            }

            if (!stream.IsGone)
            {
                await accepted.CloseAsync((int)WebSocketCloseStatus.NormalClosure, "").ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException)
        {
            // The connection is gone, or was cut: there is nobody to tell.
        }
        finally
        {
            await leave().ConfigureAwait(false);
            session?.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        deadline.Dispose();
        init.Dispose();
    }

    private void CloseUnlessBegun()
    {
        if (session is null)
        {
            _ = accepted.CloseAsync(GraphQlMessages.InitialisationTimeout, "Connection initialisation timeout");
        }
    }

    // One message; false where the connection is to end.
    private async Task<bool> ReceiveAsync(GraphQlSocket known)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)gateway.FrameBytesMax + 1);
        try
        {
            var length = 0;
            while (true)
            {
                var part = await accepted.Socket.ReceiveAsync(
                    buffer.AsMemory(length, (int)gateway.FrameBytesMax + 1 - length), accepted.Aborted)
                    .ConfigureAwait(false);
                length += part.Count;
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    return false;
                }

                if (length > gateway.FrameBytesMax)
                {
                    return await EndAsync(CloseCode.TooBig, "Message too big").ConfigureAwait(false);
                }

                if (!rate.TryPass(stream.Boundary.Fragments))
                {
                    return await EndAsync(CloseCode.Limit, "rate").ConfigureAwait(false);
                }

                if (part.EndOfMessage)
                {
                    return part.MessageType == WebSocketMessageType.Text
                        ? await OnMessageAsync(known, buffer.AsMemory(0, length)).ConfigureAwait(false)
                        : await EndAsync(GraphQlMessages.BadMessage, "Invalid message received").ConfigureAwait(false);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<bool> OnMessageAsync(GraphQlSocket known, ReadOnlyMemory<byte> message)
    {
        var verdict = rate.Take();
        if (verdict == CommandRate.Verdict.Close)
        {
            return await EndAsync(CloseCode.Limit, "rate").ConfigureAwait(false);
        }

        try
        {
            using var document = JsonDocument.Parse(message, Strict);
            return await OnMessageAsync(
                known, document.RootElement, isDropped: verdict != CommandRate.Verdict.Take).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException
            or KeyNotFoundException)
        {
            // No JSON, a member of another type, or one that is missing.
            return await EndAsync(GraphQlMessages.BadMessage, "Invalid message received").ConfigureAwait(false);
        }
    }

    private async Task<bool> OnMessageAsync(GraphQlSocket known, JsonElement message, bool isDropped)
    {
        switch (message.GetProperty("type").GetString())
        {
            case "connection_init" when session is null:
                return await BeginAsync().ConfigureAwait(false);
            case "connection_init":
                return await EndAsync(
                    GraphQlMessages.TooManyInitialisations, "Too many initialisation requests").ConfigureAwait(false);
            case "ping" when isDropped:
                return true;
            case "ping":
                await SendAsync(GraphQlMessages.Pong).ConfigureAwait(false);
                return true;
            case "pong":
                return true;
            case "subscribe" when session is null:
                return await EndAsync(GraphQlMessages.Unauthorized, "Unauthorized").ConfigureAwait(false);
            case "subscribe":
                return await SubscribeAsync(known, message, isDropped).ConfigureAwait(false);
            case "complete":
                if (known.Remove(IdOf(message)) is { } command)
                {
                    session?.Tell(command);
                }

                return true;
            default:
                return await EndAsync(GraphQlMessages.BadMessage, "Invalid message received").ConfigureAwait(false);
        }
    }

    private async Task<bool> BeginAsync()
    {
        await SendAsync(GraphQlMessages.Acknowledged).ConfigureAwait(false);
        session = gateway.Open(client);
        init.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        return session is not null
            || await EndAsync(CloseCode.TooManyConnections, "too-many-connections").ConfigureAwait(false);
    }

    private async Task<bool> SubscribeAsync(GraphQlSocket known, JsonElement message, bool isDropped)
    {
        var id = IdOf(message);
        if (known.Has(id))
        {
            return await EndAsync(
                GraphQlMessages.SubscriberExists, $"Subscriber for {ShownText.Quote(id)[1..^1]} already exists")
                .ConfigureAwait(false);
        }

        try
        {
            if (isDropped)
            {
                throw new ProblemException(ProblemCodes.Rate, $"More than {rate.PerSecond} messages a second.");
            }

            var request = executer.Read(JsonSerializer.SerializeToUtf8Bytes(message.GetProperty("payload")));
            await RunAsync(known, id, request).ConfigureAwait(false);
        }
        catch (ProblemException problem)
        {
            await FailAsync(id, [FeedErrors.Of(problem)]).ConfigureAwait(false);
        }

        return true;
    }

    private async Task RunAsync(GraphQlSocket known, string id, GraphQL.Transport.GraphQLRequest request)
    {
        // A name that has been completed may be used again while frames of its former collection are under way.
        var subscriber = new Subscriber(id, $"{++collections}");
        var result = await executer.RunAsync(request, subscriber, accepted.Aborted).ConfigureAwait(false);
        if (result.Streams?.Values.FirstOrDefault() is { } results && subscriber.Operation is { } operation)
        {
            operation.Selection = executer.SelectionOf(request);
            if (!known.TryAdd(operation, results))
            {
                throw new ProblemException(
                    ProblemCodes.Limit, $"A connection has at most {gateway.SubscriptionsMax} subscriptions.");
            }

            session!.Tell(operation.Begin);
        }
        else if (!result.Executed || result.Operation?.Operation == OperationType.Subscription)
        {
            await FailAsync(id, result.Errors ?? []).ConfigureAwait(false);
        }
        else
        {
            await SendAsync(GraphQlMessages.Next(id, executer.Write(result))).ConfigureAwait(false);
            await SendAsync(GraphQlMessages.Complete(id)).ConfigureAwait(false);
        }
    }

    private ValueTask FailAsync(string id, ExecutionErrors errors) =>
        SendAsync(GraphQlMessages.Error(id, executer.Write(errors)));

    private async Task<bool> EndAsync(int code, string reason)
    {
        stream.BeginEnd();
        await accepted.CloseAsync(code, reason).ConfigureAwait(false);

        session?.Dispose();
        await accepted.DrainAsync().ConfigureAwait(false);
        return false;
    }

    private ValueTask SendAsync(byte[] message)
    {
        var batch = new FrameBatch(message.Length);
        batch.Add(message, FrameKind.Control);
        return stream.WriteFramesAsync(batch, gateway.Slow, clock, accepted.Aborted);
    }

    private static string IdOf(JsonElement message) =>
        message.GetProperty("id").GetString() is { Length: > 0 and <= IdLengthMax } id
            ? id : throw new InvalidOperationException($"an id has 1 to {IdLengthMax} characters");

    private sealed class Subscriber(string id, string collection) : ISubscriber
    {
        public Operation? Operation { get; private set; }

        public IObservable<object?> Key(FeedCard feed, KeyName key) => Operation = new Operation(id)
        {
            Key = (feed.Name, key.Key),
            Feed = feed.Name,
            Tenant = key.Tenant,
            Begin = new ClientCommands.Subscribe(feed.Name, key, null, 0, null),
            End = new ClientCommands.Unsubscribe(feed.Name, key),
        };

        public IObservable<object?> Rows(FeedCard feed, RowsQuery query) => Operation = new Operation(id)
        {
            Collection = collection,
            Feed = feed.Name,
            Begin = new ClientCommands.SubscribeRows(feed.Name, collection, query, 0),
            End = new ClientCommands.UnsubscribeRows(feed.Name, collection),
        };
    }
}
