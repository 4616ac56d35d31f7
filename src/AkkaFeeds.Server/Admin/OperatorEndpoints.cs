using AkkaFeeds.Contracts;
using AkkaFeeds.Server.Edge;

namespace AkkaFeeds.Server.Admin;

/// <summary>What an operator decides, below <c>/admin/v1/</c> of the admin port.</summary>
internal sealed class OperatorEndpoints(FeedChecks checks, Lazy<IFeedsOperator> feeds, EdgeGate gate)
{
    public Func<Task>? Route(HttpContext context, RequestTarget target) => target.Segments switch
    {
        ["admin", "v1", "feeds", var feed, "resume"] => () => ResumeAsync(context, feed, target.Query),
        _ => null,
    };

    // A page of a browser on the same machine could send this too; the command line sends no Origin.
    private static void ThrowUnlessAnOperatorPosts(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = "POST";
            throw new ProblemException(ProblemCodes.UnknownOp, "This decides something: use POST.") { Status = 405 };
        }

        if (context.Request.Headers.Origin.Count > 0)
        {
            throw new ProblemException(ProblemCodes.Forbidden, "Pages decide nothing here; use the command line.");
        }
    }

    /// <summary>
    /// Lists what the topics of a feed lost before it was read; with <c>yes=true</c> the reading goes on without.
    /// </summary>
    private async Task ResumeAsync(HttpContext context, string name, string query)
    {
        ThrowUnlessAnOperatorPosts(context);
        context.Response.Headers.CacheControl = "no-store";
        gate.ThrowIfShut();
        var feed = checks.Feed(name);
        var parameters = QueryParameters.Parse(query, ["yes"]);
        var letGo = parameters.Text("yes") switch
        {
            "true" => true,
            null or "false" => false,
            var other => throw new ProblemException(
                ProblemCodes.BadFrame, $"yes={ShownText.Quote(other)} is neither true nor false."),
        };
        var lost = await feeds.Value.LossesAsync(feed.Name, letGo, context.RequestAborted).ConfigureAwait(false);
        await EdgeAnswer.JsonAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("feed", feed.Name);
            json.WriteBoolean("resumed", letGo);
            json.WriteStartArray("lost");
            foreach (var range in lost)
            {
                json.WriteStartObject();
                json.WriteString("topic", range.Topic);
                json.WriteNumber("partition", range.Partition);
                json.WriteNumber("from", range.FromOffset);
                json.WriteNumber("to", range.ToOffset);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }
}
