using AkkaFeeds.Clients;
using AkkaFeeds.Definitions.Files;
using AkkaFeeds.Server.Edge.Streams;
using Microsoft.AspNetCore.Http.Features;

namespace AkkaFeeds.Server.Edge.WebSockets;

/// <summary><c>GET /v1/ws</c>: the frames of product.md, section 6, or plain views for those without code.</summary>
internal sealed class WebSocketEndpoint(
    FeedChecks feeds, Lazy<ClientGateway> gateway, EdgeGate gate, StreamGuard guard, HttpOptions http,
    TimeProvider clock)
{
    /// <summary>The subprotocol of the frames.</summary>
    public const string Protocol = "akkafeeds.v1";

    /// <summary>The path.</summary>
    public const string Path = "/v1/ws";

    private const int RetryAfterMilliseconds = 2_000;

    private readonly ClientFrames frames = new(feeds);

    /// <summary>Puts the stream of frames under what a request is upgraded to, however it writes its path.</summary>
    public static Task Prepare(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
        {
            context.Features.Set<IHttpUpgradeFeature>(new FrameStream.Upgrade(upgrade, context));
        }

        return next(context);
    }

    public async Task HandleAsync(HttpContext context, string query)
    {
        gate.ThrowIfShut();
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Upgrade = "websocket";
            throw new ProblemException(
                ProblemCodes.BadFrame, "This is a WebSocket: ask for an upgrade, with the subprotocol akkafeeds.v1.")
            {
                Status = StatusCodes.Status426UpgradeRequired,
            };
        }

        guard.Origins.Require(context.Request);
        var isFramed = context.WebSockets.WebSocketRequestedProtocols.Contains(Protocol);
        var plain = isFramed ? [] : PlainForm.Read(query, feeds, gateway.Value.SubscriptionsMax);
        var (entered, retryAfter) = await guard.TryEnterAsync(context).ConfigureAwait(false);
        using var place = entered;
        using var accepted = await AcceptedSocket.AcceptAsync(context, isFramed ? Protocol : null, http)
            .ConfigureAwait(false);
        var connection = new WebSocketConnection(accepted, gateway.Value.FrameBytesMax, clock);
        using var peer = guard.Peers.Watch(context);
        if (place is null)
        {
            await RefuseAsync(connection, isFramed, retryAfter).ConfigureAwait(false);
        }
        else
        {
            await RunAsync(connection, isFramed ? null : plain, place).ConfigureAwait(false);
        }
    }

    // Plain: the keys are known from the start, and what the client sends means nothing.
    private async Task RunAsync(
        WebSocketConnection connection, IReadOnlyList<(string Feed, Contracts.KeyName Key)>? plain, IDisposable place)
    {
        using var session = gateway.Value.Open(plain is null ? connection : new PlainSocket(connection));
        if (session is null)
        {
            await RefuseAsync(connection, plain is null, RetryAfterMilliseconds).ConfigureAwait(false);
            return;
        }

        // All clients of a node that stops must not come back in the same instant.
        using var stopping = gate.OnStopping(() => session.Tell(new ClientCommands.Close(
            CloseCode.GoingAway, "going-away", Random.Shared.Next(RetryAfterMilliseconds))));
        foreach (var (feed, key) in plain ?? [])
        {
            session.Tell(new ClientCommands.Subscribe(feed, key, null, 0, null));
        }

        await connection.RunAsync(session, plain is null ? frames : null, Rate()).ConfigureAwait(false);
        await guard.LeaveAsync(place).ConfigureAwait(false);
    }

    private static Task RefuseAsync(WebSocketConnection connection, bool isFramed, int retryAfterMilliseconds)
    {
        const string Reason = "too-many-connections";
        return isFramed
            ? connection.RefuseAsync(CloseCode.TooManyConnections, Reason, retryAfterMilliseconds)
            : connection.RefusePlainAsync(CloseCode.TooManyConnections, Reason);
    }

    private CommandRate Rate() => new(clock, gateway.Value.Commands, gateway.Value.SubscriptionsMax);
}
