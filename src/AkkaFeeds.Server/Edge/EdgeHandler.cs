using AkkaFeeds.Contracts;
using Microsoft.AspNetCore.Http.Features;

namespace AkkaFeeds.Server.Edge;

/// <summary>
/// Answers every request of both ports. It routes by the raw target (see <see cref="RequestTarget"/>), and turns
/// whatever goes wrong into a problem document; nothing of an unforeseen exception leaves the process but the word
/// "internal".
/// </summary>
internal sealed partial class EdgeHandler(
    FeedEndpoints feeds, StatusEndpoint status, WebSockets.WebSocketEndpoint sockets,
    Events.EventsEndpoint events,
    GraphQl.GraphQlEndpoint graphQl, Surfaces.SurfaceFiles surfaces, Board.BoardFiles board,
    Admin.AdminEndpoints admin, Admin.OperatorEndpoints operators, AllowedOrigins origins, EdgeGate gate,
    ILogger<EdgeHandler> log)
{
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            await RouteAsync(context).ConfigureAwait(false);
        }
        catch (ProblemException problem)
        {
            await EdgeAnswer.ProblemAsync(context, problem).ConfigureAwait(false);
        }
        catch (NotReadyException notReady)
        {
            var problem = new ProblemException(ProblemCodes.NotReady, notReady.Message) { RetryAfterSeconds = 1 };
            await EdgeAnswer.ProblemAsync(context, problem).ConfigureAwait(false);
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            var isLarge = bad.StatusCode == StatusCodes.Status413PayloadTooLarge;
            var problem = new ProblemException(
                isLarge ? ProblemCodes.TooLarge : ProblemCodes.BadFrame,
                isLarge ? "The body is larger than http.bodyBytes allows."
                    : "The body did not come whole, or in time.");
            await EdgeAnswer.ProblemAsync(context, problem).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone: there is nobody to answer.
        }
        catch (OperationCanceledException) when (gate.IsStopping)
        {
            await EdgeAnswer.ProblemAsync(context, EdgeGate.IsStoppingProblem()).ConfigureAwait(false);
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            // The edge of a request: a bug must cost its request, and be seen, not the process.
            RequestFailed(exception, ShownText.Quote(RawTarget(context)));
            var problem =
                new ProblemException(ProblemCodes.Internal, "The request failed inside the server; its log says why.");
            await EdgeAnswer.ProblemAsync(context, problem).ConfigureAwait(false);
        }
    }

    private static string RawTarget(HttpContext context) =>
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    // The server looks at the last coding alone; a proxy may read "chunked, chunked" otherwise, and see another end.
    private static void RequireOneEnd(HttpContext context)
    {
        var coding = context.Request.Headers.TransferEncoding;
        if (coding.Count > 0 && !string.Equals(coding, "chunked", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Headers.Connection = "close";
            throw new ProblemException(ProblemCodes.BadFrame, "Transfer-Encoding can be chunked, and that once.");
        }
    }

    private Task RouteAsync(HttpContext context)
    {
        RequireOneEnd(context);
        var target = RequestTarget.Parse(RawTarget(context));
        var isAdmin = context.Features.Get<AdminConnection>() is not null;
        if (isAdmin && operators.Route(context, target) is { } decided)
        {
            return decided();
        }

        var answer = isAdmin ? admin.Route(context, target) : Route(context, target);
        if (!isAdmin)
        {
            origins.RequireHost(context.Request);
            origins.Stamp(context);
        }

        if (answer is null)
        {
            throw new ProblemException(
                ProblemCodes.UnknownOp, "Nothing is served here; /v1/feeds lists the feeds, and docs say the rest.");
        }

        var method = context.Request.Method;
        if (!isAdmin && AllowedOrigins.IsPreflight(context.Request))
        {
            origins.AnswerPreflight(context);
            return Task.CompletedTask;
        }

        var isPosted = HttpMethods.IsPost(method) && !isAdmin && target.Segments is ["graphql"];
        if (!HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !isPosted)
        {
            context.Response.Headers.Allow = "GET, HEAD";
            throw new ProblemException(ProblemCodes.UnknownOp, "This is read with GET or HEAD only.") { Status = 405 };
        }

        var bodyBytesMax = context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
        if (context.Request.ContentLength > bodyBytesMax)
        {
            throw new ProblemException(
                ProblemCodes.TooLarge, $"The body is larger than {bodyBytesMax} bytes, which http.bodyBytes allows.");
        }

        return answer();
    }

    private Func<Task>? Route(HttpContext context, RequestTarget target) => target.Segments switch
    {
        ["v1", "feeds"] => () => feeds.ListAsync(context, target.Query),
        ["v1", "feeds", var feed, "keys"] => () => feeds.KeysAsync(context, feed, target.Query),
        ["v1", "feeds", var feed, "keys", var key] => () => feeds.KeyInPathAsync(context, feed, key, target.Query),
        ["v1", "feeds", var feed, "key"] => () => feeds.KeyInQueryAsync(context, feed, target.Query),
        ["v1", "feeds", var feed, "snapshots"] => () => feeds.SnapshotsAsync(context, feed, target.Query),
        ["v1", "feeds", var feed, "rows"] => () => feeds.RowsAsync(context, feed, target.Query),
        ["graphql"] => () => graphQl.HandleAsync(context),
        ["v1", "openapi.json"] => () => surfaces.OpenApiAsync(context),
        ["v1", "asyncapi.json"] => () => surfaces.AsyncApiAsync(context),
        ["v1", "events"] => () => events.HandleAsync(context, target.Query),
        ["v1", "feeds", var feed, "status"] => () => status.HandleAsync(context, feed, target.Query),
        ["v1", "ws"] => () => sockets.HandleAsync(context, target.Query),
        _ => board.Find(context, target.Segments),
    };
}
