using AkkaFeeds.Clients;
using AkkaFeeds.Definitions.Files;
using AkkaFeeds.Server.Edge.Streams;
using AkkaFeeds.Server.Edge.WebSockets;

namespace AkkaFeeds.Server.Edge.GraphQl;

/// <summary><c>/graphql</c>: queries by POST, subscriptions over a WebSocket with graphql-transport-ws.</summary>
internal sealed class GraphQlEndpoint(
    FeedExecuter executer, Lazy<ClientGateway> gateway, EdgeGate gate, StreamGuard guard, GraphQlOptions options,
    HttpOptions http, TimeProvider clock)
{
    /// <summary>The path.</summary>
    public const string Path = "/graphql";

    /// <summary>The subprotocol of its WebSocket.</summary>
    public const string Protocol = "graphql-transport-ws";

    public async Task HandleAsync(HttpContext context)
    {
        guard.Origins.Require(context.Request);
        gate.ThrowIfShut();
        if (context.WebSockets.IsWebSocketRequest)
        {
            await SubscriptionsAsync(context).ConfigureAwait(false);
        }
        else if (HttpMethods.IsPost(context.Request.Method))
        {
            await QueryAsync(context).ConfigureAwait(false);
        }
        else
        {
            context.Response.Headers.Allow = "POST";
            throw new ProblemException(
                ProblemCodes.UnknownOp, "Queries are posted as JSON; subscriptions come over a WebSocket.")
            {
                Status = StatusCodes.Status405MethodNotAllowed,
            };
        }
    }

    private async Task QueryAsync(HttpContext context)
    {
        // A form, which a page of any site can send without being asked, is no query.
        if (!context.Request.HasJsonContentType())
        {
            throw new ProblemException(ProblemCodes.BadFrame, "Send the query as application/json.")
            {
                Status = StatusCodes.Status415UnsupportedMediaType,
            };
        }

        using var body = new MemoryStream();
        await ReadBodyAsync(context, body).ConfigureAwait(false);
        var request = executer.Read(body.GetBuffer().AsSpan(0, (int)body.Length));
        var result = await executer.RunAsync(request, null, gate.Until(context)).ConfigureAwait(false);
        context.Response.Headers.CacheControl = "no-store";
        await EdgeAnswer.TextAsync(
            context, "application/json; charset=utf-8", executer.Write(result),
            result.Executed ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest).ConfigureAwait(false);
    }

    private static async Task ReadBodyAsync(HttpContext context, MemoryStream body)
    {
        try
        {
            await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        }
        catch (IOException broken) when (broken is not BadHttpRequestException)
        {
            // A chunk whose size is no number of 64 bits is no bad request to the server, but a broken body.
            context.Response.Headers.Connection = "close";
            throw new ProblemException(ProblemCodes.BadFrame, "The body did not come as HTTP has it.");
        }
    }

    private async Task SubscriptionsAsync(HttpContext context)
    {
        using var place = await guard.EnterAsync(context).ConfigureAwait(false);
        var isSpoken = context.WebSockets.WebSocketRequestedProtocols.Contains(Protocol);
        using var accepted = await AcceptedSocket.AcceptAsync(context, isSpoken ? Protocol : null, http)
            .ConfigureAwait(false);
        using var peer = guard.Peers.Watch(context);
        if (!isSpoken)
        {
            await accepted.CloseAsync(GraphQlMessages.NoSubprotocol, "Subprotocol not acceptable")
                .ConfigureAwait(false);
            return;
        }

        using var connection = new GraphQlConnection(
            accepted, executer, gateway.Value, options.InitTimeout, clock);
        await connection.RunAsync(() => guard.LeaveAsync(place), gate.Stopping).ConfigureAwait(false);
    }
}
