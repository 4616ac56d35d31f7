using System.Reflection;
using System.Text;
using System.Text.Json;

namespace AkkaFeeds.Server.Edge.Surfaces;

/// <summary>The descriptions of the surfaces: made once, of the feeds and frames that there are.</summary>
internal sealed class SurfaceFiles
{
    private const string ContentType = "application/json; charset=utf-8";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly Lazy<byte[]> openApi;
    private readonly Lazy<byte[]> asyncApi;

    public SurfaceFiles(FeedChecks feeds)
    {
        var version = typeof(SurfaceFiles).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0] ?? "0";
        var schemas = new SurfaceSchemas(Board.BoardFiles.Resource("schema.json"));
        openApi = new(() => Encoding.UTF8.GetBytes(
            OpenApiDocument.Make(feeds, schemas, version).ToJsonString(Indented)));
        asyncApi = new(() => Encoding.UTF8.GetBytes(AsyncApiDocument.Make(schemas, version).ToJsonString(Indented)));
    }

    public Task OpenApiAsync(HttpContext context) => AnswerAsync(context, openApi.Value);

    public Task AsyncApiAsync(HttpContext context) => AnswerAsync(context, asyncApi.Value);

    private static Task AnswerAsync(HttpContext context, byte[] document)
    {
        context.Response.Headers.CacheControl = "no-cache";
        return EdgeAnswer.TextAsync(context, ContentType, document);
    }
}
