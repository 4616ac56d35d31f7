using AkkaFeeds.Clients;
using AkkaFeeds.Server.Edge.Streams;
using Microsoft.AspNetCore.Http.Features;

namespace AkkaFeeds.Server.Edge.WebSockets;

/// <summary><c>GET /v1/ws</c>: the frames of product.md, section 6, or plain views for those without code.</summary>
internal sealed class WebSocketEndpoint(
    FeedChecks feeds, Lazy<ClientGateway> gateway, EdgeGate gate, StreamGuard guard, TimeProvider clock)
{
    /// <summary>The subprotocol of the frames.</summary>
    public const string Protocol = "akkafeeds.v1";

    /// <summary>The path.</summary>
    public const string Path = "/v1/ws";

    private const int RetryAfterMilliseconds = 2_000;

    private readonly ClientFrames frames = new(feeds);

    /// <summary>Puts the stream of frames under the WebSocket of a request for this path.</summary>
    public static Task Prepare(HttpContext context, RequestDelegate next)
    {
        if ((context.Request.Path == Path || context.Request.Path == GraphQl.GraphQlEndpoint.Path)
            && context.Features.Get<IHttpUpgradeFeature>() is { } upgrade)
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
        var plain = isFramed ? [] : PlainForm.Read(query, feeds);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = isFramed ? Protocol : null,
            KeepAliveInterval = TimeSpan.FromSeconds(15),
            KeepAliveTimeout = TimeSpan.FromSeconds(15),
        }).ConfigureAwait(false);
        var stream = ((FrameStream.Upgrade)context.Features.GetRequiredFeature<IHttpUpgradeFeature>()).Stream!;
        using var connection = new WebSocketConnection(socket, stream, gateway.Value.FrameBytesMax);
        using var peer = guard.Peers.Watch(context);
        if (!guard.Admission.TryEnter(out var retryAfter))
        {
            await connection.RefuseAsync(CloseCode.TooManyConnections, "too-many-connections", retryAfter)
                .ConfigureAwait(false);
        }
        else if (isFramed)
        {
            await RunAsync(connection).ConfigureAwait(false);
        }
        else
        {
            await PlainForm.RunAsync(socket, gateway.Value, plain, gate.Until(context)).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(WebSocketConnection connection)
    {
        using var session = gateway.Value.Open(connection);
        if (session is null)
        {
            await connection.RefuseAsync(CloseCode.TooManyConnections, "too-many-connections", RetryAfterMilliseconds)
                .ConfigureAwait(false);
            return;
        }

        // All clients of a node that stops must not come back in the same instant.
        using var stopping = gate.OnStopping(() => session.Tell(new ClientCommands.Close(
            CloseCode.GoingAway, "going-away", Random.Shared.Next(RetryAfterMilliseconds))));
        await connection.RunAsync(session, frames, Rate()).ConfigureAwait(false);
    }

    private CommandRate Rate() => new(clock, gateway.Value.Commands, gateway.Value.SubscriptionsMax);
}
