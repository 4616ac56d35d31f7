using System.Text;
using AkkaFeeds.Contracts;
using AkkaFeeds.Server.Edge;
using AkkaFeeds.Telemetry;

namespace AkkaFeeds.Server.Admin;

/// <summary>The requests of the admin port: health and metrics.</summary>
internal sealed class AdminEndpoints(Lazy<IFeedsHealth> health, FeedMetrics metrics, EdgeGate gate)
{
    public Func<Task>? Route(HttpContext context, RequestTarget target) => target.Segments switch
    {
        ["healthz", "live"] => () => LiveAsync(context),
        ["healthz", "ready"] => () => ReadyAsync(context),
        ["metrics"] => () => MetricsAsync(context),
        _ => null,
    };

    /// <summary>Alive is: this process answers. It asks nothing else, so a slow store does not get the process
    /// killed.</summary>
    private static Task LiveAsync(HttpContext context) =>
        EdgeAnswer.JsonAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("status", "live");
            json.WriteEndObject();
        });

    private Task ReadyAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        gate.ThrowIfShut();
        var report = health.Value.Read();
        if (!report.Ready)
        {
            var waiting = report.Detail ?? (report.StoreOpen ? "slots and ledgers recover" : "the store opens");
            throw new ProblemException(ProblemCodes.NotReady, $"Waiting: {waiting}.") { RetryAfterSeconds = 1 };
        }

        return EdgeAnswer.JsonAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("status", "ready");
            json.WriteEndObject();
        });
    }

    private Task MetricsAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        return EdgeAnswer.TextAsync(context, PrometheusText.ContentType,
            Encoding.UTF8.GetBytes(PrometheusText.Write(metrics)));
    }
}
