namespace AkkaFeeds.Server.Edge;

/// <summary>
/// The target of a request as the client wrote it, in parts that are not yet decoded: after decoding, a <c>/</c>
/// inside
/// a key could not be told from one between segments, nor <c>..</c> as a key from a step upwards.
/// </summary>
/// <param name="Segments">The path between its slashes, raw.</param>
/// <param name="Query">Behind the first <c>?</c>, raw; empty for none.</param>
internal sealed record RequestTarget(IReadOnlyList<string> Segments, string Query)
{
    public static RequestTarget Parse(string raw)
    {
        var target = WithoutAuthority(raw);
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? target : target[..question];
        return new RequestTarget(path.TrimStart('/').Split('/'), question < 0 ? "" : target[(question + 1)..]);
    }

    /// <summary>The absolute form, <c>http://host/path</c>, is what clients send to proxies, and a server must accept
    /// it.</summary>
    private static string WithoutAuthority(string raw)
    {
        if (raw.StartsWith('/') || raw.IndexOf("://", StringComparison.Ordinal) is not (> 0 and var scheme))
        {
            return raw;
        }

        var path = raw.IndexOfAny(['/', '?'], scheme + 3);
        return path < 0 ? "/" : raw[path..];
    }
}
