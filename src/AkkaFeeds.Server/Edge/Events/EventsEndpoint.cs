using System.Net.Sockets;
using AkkaFeeds.Clients;
using AkkaFeeds.Server.Edge.Streams;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace AkkaFeeds.Server.Edge.Events;

/// <summary><c>GET /v1/events</c>: the frames of product.md, section 6, as server-sent events.</summary>
internal sealed class EventsEndpoint(
    FeedChecks feeds, Lazy<ClientGateway> gateway, EdgeGate gate, StreamGuard guard, TimeProvider clock)
{
    private const int RetryAfterMilliseconds = 2_000;

    // A reader that takes nothing would hold up the process that stops.
    private static readonly TimeSpan GoodbyeWithin = TimeSpan.FromSeconds(3);

    public async Task HandleAsync(HttpContext context, string query)
    {
        guard.Origins.Require(context.Request);
        gate.ThrowIfShut();
        var request = EventsRequest.Read(
            query, context.Request.Headers["Last-Event-ID"], feeds, gateway.Value.SubscriptionsMax);
        if (HttpMethods.IsHead(context.Request.Method))
        {
            Begin(context.Response);
            return;
        }

        using var place = await guard.EnterAsync(context).ConfigureAwait(false);
        Begin(context.Response);

        // A reader that is slow is told by the outbox, as on a WebSocket: views are merged, and slow.timeout ends it.
        context.Features.Get<IHttpMinResponseDataRateFeature>()?.MinDataRate = null;
        var socket = new EventsSocket(request, context.Response.BodyWriter, OwnSocket(context), clock);
        using (var session = gateway.Value.Open(socket))
        {
            if (session is null)
            {
                context.Response.Clear();
                throw ConnectionAdmission.TooMany(
                    "This node has as many connections as it may.", RetryAfterMilliseconds);
            }

            await RunAsync(context, session, request, socket, place).ConfigureAwait(false);
        }
    }

    // With HTTP/2, what the client takes may be another stream's.
    private static Socket? OwnSocket(HttpContext context) => HttpProtocol.IsHttp2(context.Request.Protocol)
        ? null
        : context.Features.Get<IConnectionSocketFeature>()?.Socket;

    private static void Begin(HttpResponse response)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache, no-transform";
        response.Headers.XContentTypeOptions = "nosniff";

        // nginx would otherwise keep events until its buffer is full.
        response.Headers["X-Accel-Buffering"] = "no";
    }

    private async Task RunAsync(
        HttpContext context, ClientSession session, EventsRequest request, EventsSocket socket, IDisposable place)
    {
        using var peer = guard.Peers.Watch(context);
        using var stopping = gate.OnStopping(() =>
        {
            session.Tell(new ClientCommands.Close(
                CloseCode.GoingAway, "going-away", Random.Shared.Next(RetryAfterMilliseconds)));
            _ = CutLateAsync(context, socket);
        });
        Subscribe(session, request);
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var aborted = context.RequestAborted.Register(() => gone.TrySetResult());
        await Task.WhenAny(socket.Closed, gone.Task).ConfigureAwait(false);
        await guard.LeaveAsync(place).ConfigureAwait(false);
        session.Dispose();
        if (socket.Closed.IsCompletedSuccessfully && await socket.Closed.ConfigureAwait(false) == CloseCode.TooSlow)
        {
            // What is still to be written would wait for the reader for ever.
            context.Abort();
        }

        socket.Close(CloseCode.GoingAway, "");
        await socket.EndAsync().ConfigureAwait(false);
    }

    private async Task CutLateAsync(HttpContext context, EventsSocket socket)
    {
        try
        {
            await socket.Closed.WaitAsync(GoodbyeWithin, clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            context.Abort();
        }
    }

    private static void Subscribe(ClientSession session, EventsRequest request)
    {
        var held = ResumeToken.Read(request);
        for (var place = 0; place < request.Keys.Count; place++)
        {
            var (feed, key) = request.Keys[place];
            session.Tell(new ClientCommands.Subscribe(
                feed, key, null, 0, held.TryGetValue(place, out var from) ? from : null));
        }

        if (request.Rows is { } rows)
        {
            session.Tell(new ClientCommands.SubscribeRows(rows.Feed, rows.Query.Prefix, rows.Query, 0));
        }
    }
}
