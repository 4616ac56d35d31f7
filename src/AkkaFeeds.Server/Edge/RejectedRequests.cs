using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace AkkaFeeds.Server.Edge;

/// <summary>
/// Requests that Kestrel refuses before anybody here sees them: no HTTP, a target or headers that are too long. It
/// answers with a status alone and lets nobody add to that, but it tells of the refusal before it writes; so its
/// answer is thrown away, and a problem document is written behind what was answered before.
/// </summary>
/// <param name="clock">The clock of the answer's date.</param>
internal sealed class RejectedRequests(TimeProvider clock) : IObserver<KeyValuePair<string, object?>>
{
    private const string EventName = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    /// <summary>Hears what Kestrel refuses.</summary>
    public IDisposable Observe(DiagnosticListener listener) =>
        listener.Subscribe(this, static name => name == EventName);

    /// <summary>Puts an output that can be shut under each connection.</summary>
    public static ConnectionDelegate Middleware(ConnectionDelegate next) => async connection =>
    {
        var transport = connection.Transport;
        var output = new ShutOutput(transport.Output);
        connection.Features.Set(output);
        connection.Transport = new ShutOutput.Duplex(transport.Input, output);
        await next(connection).ConfigureAwait(false);
        if (output.Instead is { } answer)
        {
            await transport.Output.WriteAsync(answer).ConfigureAwait(false);
        }
    };

    /// <inheritdoc/>
    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is IFeatureCollection features && features.Get<ShutOutput>() is { Instead: null } output
            && features.Get<IHttpResponseFeature>() is { HasStarted: false } response)
        {
            var isHead = features.Get<IHttpRequestFeature>()?.Method == HttpMethods.Head;
            output.Instead = Answer(response.StatusCode, isHead);
        }
    }

    /// <inheritdoc/>
    public void OnCompleted()
    {
    }

    /// <inheritdoc/>
    public void OnError(Exception error)
    {
    }

    private byte[] Answer(int status, bool isHead)
    {
        var (code, detail) = status switch
        {
            StatusCodes.Status408RequestTimeout =>
                (ProblemCodes.BadFrame, "The request did not come in time; send it at once."),
            StatusCodes.Status413PayloadTooLarge =>
                (ProblemCodes.TooLarge, "The body is too large; requests here need none."),
            StatusCodes.Status414UriTooLong =>
                (ProblemCodes.TooLarge, "The request line is too long; ask for fewer keys at once."),
            StatusCodes.Status431RequestHeaderFieldsTooLarge =>
                (ProblemCodes.TooLarge, "There are too many headers, or too long ones; send fewer."),
            _ => (ProblemCodes.BadFrame, "This is not HTTP as RFC 9112 has it; no part of it was looked at."),
        };
        var body = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(body, EdgeJson.Options))
        {
            EdgeJson.Problem(json, code, status, detail);
        }

        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status} {ReasonPhrases.GetReasonPhrase(status)}\r\nContent-Length: {body.WrittenCount}\r\n"
            + $"Content-Type: application/problem+json\r\nConnection: close\r\nDate: {clock.GetUtcNow():R}\r\n"
            + $"Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. isHead ? [] : body.WrittenSpan];
    }
}
