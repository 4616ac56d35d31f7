namespace AkkaFeeds.Server.Edge;

/// <summary>
/// Which pages may open a WebSocket. A page of another site could otherwise open one from inside the visitor's
/// network; browsers say in <c>Origin</c> who asks, and programs say nothing.
/// </summary>
/// <param name="origins">
/// The origins of <c>http.origins</c>, and no other; empty for the pages of the very address that is asked.
/// </param>
internal sealed class AllowedOrigins(IReadOnlyList<string> origins)
{
    /// <exception cref="ProblemException">The request comes from a page that may not connect.</exception>
    public void Require(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0 || (origins.Count > 0 ? origins.Contains(origin) : IsSame(origin, request)))
        {
            return;
        }

        throw new ProblemException(
            ProblemCodes.Forbidden,
            $"Pages of {ShownText.Quote(origin)} may not connect here; "
            + (origins.Count > 0 ? "http.origins names those that may." : "only those that this address serves may."));
    }

    // Scheme, host and port: a page of the same host on another port is another site's.
    private static bool IsSame(string origin, HttpRequest request) =>
        string.Equals(origin, $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase)
        || (request.Host.Port is { } port && port == DefaultPort(request.Scheme) && string.Equals(
            origin, $"{request.Scheme}://{request.Host.Host}", StringComparison.OrdinalIgnoreCase));

    // Browsers leave it out of origins, and a proxy may add it to the host.
    private static int DefaultPort(string scheme) => scheme == "https" ? 443 : 80;
}
