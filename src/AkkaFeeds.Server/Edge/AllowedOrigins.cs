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
    private const string Exposed = "ETag, AkkaFeeds-Now, AkkaFeeds-Read, Retry-After";
    private const string PreflightSeconds = "600";

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

    // Scheme, host and port: a page of the same host on another port is another site's.
    private static bool IsSame(string origin, HttpRequest request) =>
        string.Equals(origin, $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase)
        || (request.Host.Port is { } port && port == DefaultPort(request.Scheme) && string.Equals(
            origin, $"{request.Scheme}://{request.Host.Host}", StringComparison.OrdinalIgnoreCase));

    // Browsers leave it out of origins, and a proxy may add it to the host.
    private static int DefaultPort(string scheme) => scheme == "https" ? 443 : 80;
}
