using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace AkkaFeeds.Server.Edge;

/// <summary>Writes answers: whole bodies with their length, so that an error can never follow half a body.</summary>
internal static class EdgeAnswer
{
    public static Task JsonAsync(HttpContext context, Action<Utf8JsonWriter> write) =>
        BodyAsync(context, 200, "application/json; charset=utf-8", write);

    public static async Task ProblemAsync(HttpContext context, ProblemException problem)
    {
        // What was prepared for a good answer must not ride on a bad one: an ETag here would be cached as the key's.
        context.Response.Headers.ETag = default;
        context.Response.Headers.CacheControl = "no-store";
        if (problem.RetryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        var status = problem.Status ?? ProblemCodes.StatusOf(problem.Code);
        await BodyAsync(
            context, status, "application/problem+json",
            json => EdgeJson.Problem(json, problem.Code, status, problem.Message)).ConfigureAwait(false);
    }

    public static async Task TextAsync(HttpContext context, string contentType, ReadOnlyMemory<byte> body,
        int status = 200)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        response.Headers.XContentTypeOptions = "nosniff";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static async Task BodyAsync(
        HttpContext context, int status, string contentType, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, EdgeJson.Options))
        {
            write(json);
        }

        await TextAsync(context, contentType, buffer.WrittenMemory, status).ConfigureAwait(false);
    }
}
