using System.Net;

namespace AkkaFeeds.Server.Edge;

/// <summary>
/// Which pages may read and watch. A page of another site could otherwise open a stream from inside the visitor's
/// network, where no rule of CORS covers a WebSocket; browsers say in <c>Origin</c> who asks, and programs say
/// nothing.
/// </summary>
/// <param name="origins">The origins of <c>http.origins</c>, beside the pages of the very address that is
/// asked.</param>
internal sealed class AllowedOrigins(IReadOnlyList<string> origins)
{
    private const string Methods = "GET, HEAD, POST";
    private const string Headers = "authorization, content-type, last-event-id, if-none-match, cache-control";
    private const string Exposed = "ETag, Age, AkkaFeeds-Now, AkkaFeeds-Read, Retry-After";
    private const string PreflightSeconds = "600";

    private readonly HashSet<string> hosts =
        new(origins.Select(origin => new Uri(origin).Host), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a request comes from no page, or from one that may.</summary>
    public bool Allows(HttpRequest request)
    {
        var header = request.Headers.Origin;
        if (header.Count == 0)
        {
            return true;
        }

        // Two headers, or one that is empty, are no origin; nor is `null`, which any sandboxed page can say.
        var origin = header.Count == 1 ? header[0]! : "";
        return IsSame(origin, request) || origins.Contains(origin, StringComparer.Ordinal);
    }

    /// <summary>
    /// Refuses who asks for a host that is none of ours. Whoever owns a name can have it point at this address once
    /// his page is loaded (DNS rebinding): to the browser this server is then the page's own, and it says no
    /// <c>Origin</c> when it reads.
    /// </summary>
    /// <exception cref="ProblemException">The host is no address, not this machine, and not in the list.</exception>
    public void RequireHost(HttpRequest request)
    {
        var host = request.Host.Host;
        if (host.Length > 0 && !IsThisMachine(host) && !IPAddress.TryParse(host, out _) && !hosts.Contains(host))
        {
            throw new ProblemException(
                ProblemCodes.Forbidden,
                $"Nothing is served here under the name {ShownText.Quote(host)}; http.origins takes "
                + "the origin that a proxy serves it under.");
        }
    }

    /// <exception cref="ProblemException">The request comes from a page that may not connect.</exception>
    public void Require(HttpRequest request)
    {
        if (!Allows(request))
        {
            throw new ProblemException(
                ProblemCodes.Forbidden,
                $"Pages of {ShownText.Quote(request.Headers.Origin.ToString())} may not connect here; "
                + "http.origins names those that may, beside those that this address serves.");
        }
    }

    /// <summary>
    /// Lets a page that may read an answer do so (CORS); caches must not show one page's answer to another.
    /// </summary>
    public void Stamp(HttpContext context)
    {
        var headers = context.Response.Headers;
        if (origins.Count > 0)
        {
            headers.Append("Vary", "Origin");
        }

        if (context.Request.Headers.Origin is [{ Length: > 0 } origin] && Allows(context.Request))
        {
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlExposeHeaders = Exposed;
        }
    }

    /// <summary>Whether a browser asks beforehand what it may ask.</summary>
    public static bool IsPreflight(HttpRequest request) => HttpMethods.IsOptions(request.Method)
        && request.Headers.Origin.Count > 0 && request.Headers.AccessControlRequestMethod.Count > 0;

    /// <summary>Answers it.</summary>
    public void AnswerPreflight(HttpContext context)
    {
        Require(context.Request);
        var headers = context.Response.Headers;
        headers.AccessControlAllowMethods = Methods;
        headers.AccessControlAllowHeaders = Headers;
        headers.AccessControlMaxAge = PreflightSeconds;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    // RFC 6761 has all names under localhost mean this machine.
    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    // Scheme, host and port: a page of the same host on another port is another site's.
    private static bool IsSame(string origin, HttpRequest request) =>
        string.Equals(origin, $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase)
        || (request.Host.Port is { } port && port == DefaultPort(request.Scheme) && string.Equals(
            origin, $"{request.Scheme}://{request.Host.Host}", StringComparison.OrdinalIgnoreCase));

    // Browsers leave it out of origins, and a proxy may add it to the host.
    private static int DefaultPort(string scheme) => scheme == "https" ? 443 : 80;
}
