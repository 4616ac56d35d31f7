using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using AkkaFeeds.Server.Edge;

namespace AkkaFeeds.Server.Board;

/// <summary>The files of the live board, the browser client and its schema: inside the assembly, served as they
/// are.</summary>
internal sealed class BoardFiles
{
    // Nothing comes from another origin, and nothing inline runs: a view's text can never become a script.
    private const string Policy =
        "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'self'";

    private static readonly FrozenDictionary<string, (string Resource, string ContentType)> Paths =
        new Dictionary<string, (string, string)>(StringComparer.Ordinal)
        {
            [""] = ("index.html", "text/html; charset=utf-8"),
            ["akkafeeds.js"] = ("akkafeeds.js", "text/javascript; charset=utf-8"),
            ["akkafeeds-element.js"] = ("akkafeeds-element.js", "text/javascript; charset=utf-8"),
            ["akkafeeds-react.js"] = ("akkafeeds-react.js", "text/javascript; charset=utf-8"),
            ["v1/schema.json"] = ("schema.json", "application/schema+json; charset=utf-8"),
            ["board/board.js"] = ("board.js", "text/javascript; charset=utf-8"),
            ["board/table.js"] = ("table.js", "text/javascript; charset=utf-8"),
            ["board/panel.js"] = ("panel.js", "text/javascript; charset=utf-8"),
            ["board/depth.js"] = ("depth.js", "text/javascript; charset=utf-8"),
            ["board/feeds.js"] = ("feeds.js", "text/javascript; charset=utf-8"),
            ["board/heads.js"] = ("heads.js", "text/javascript; charset=utf-8"),
            ["board/keys.js"] = ("keys.js", "text/javascript; charset=utf-8"),
            ["board/overview.js"] = ("overview.js", "text/javascript; charset=utf-8"),
            ["board/dom.js"] = ("dom.js", "text/javascript; charset=utf-8"),
            ["board/health.js"] = ("health.js", "text/javascript; charset=utf-8"),
            ["board/stages.js"] = ("stages.js", "text/javascript; charset=utf-8"),
            ["board/strip.js"] = ("strip.js", "text/javascript; charset=utf-8"),
            ["board/samples.js"] = ("samples.js", "text/javascript; charset=utf-8"),
            ["board/text.js"] = ("text.js", "text/javascript; charset=utf-8"),
            ["board/board.css"] = ("board.css", "text/css; charset=utf-8"),
            ["board/icon.svg"] = ("icon.svg", "image/svg+xml"),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly FrozenDictionary<string, BoardFile> files = Paths.ToFrozenDictionary(
        pair => pair.Key, pair => Load(pair.Value.Resource, pair.Value.ContentType), StringComparer.Ordinal);

    /// <summary>Answers with the file of a path; null where there is none.</summary>
    public Func<Task>? Find(HttpContext context, IReadOnlyList<string> segments) =>
        files.TryGetValue(string.Join('/', segments), out var file) ? () => AnswerAsync(context, file) : null;

    private static Task AnswerAsync(HttpContext context, BoardFile file)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-cache";
        headers.Append("Vary", "Accept-Encoding");
        var isPacked = TakesGzip(context.Request);
        var tag = isPacked ? $"{file.Tag}-gzip" : file.Tag;
        headers.ETag = $"\"{tag}\"";
        headers.ContentSecurityPolicy = Policy;
        headers["Referrer-Policy"] = "no-referrer";
        if (EntityTag.Matches(context.Request.Headers.IfNoneMatch, tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        if (isPacked)
        {
            headers.ContentEncoding = "gzip";
        }

        return EdgeAnswer.TextAsync(context, file.ContentType, isPacked ? file.Packed : file.Bytes);
    }

    private static bool TakesGzip(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding.Any(coding => coding.Value == "gzip" && coding.Quality is not 0);

    private static BoardFile Load(string resource, string contentType)
    {
        var bytes = Resource(resource);
        return new BoardFile(bytes, Pack(bytes), contentType, Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]);
    }

    /// <summary>The bytes of a file.</summary>
    public static byte[] Resource(string resource)
    {
        using var stream = typeof(BoardFiles).Assembly.GetManifestResourceStream($"AkkaFeeds.Server.Board.{resource}")
            ?? throw new InvalidOperationException($"the assembly was built without {resource}");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private sealed record BoardFile(byte[] Bytes, byte[] Packed, string ContentType, string Tag);
}
