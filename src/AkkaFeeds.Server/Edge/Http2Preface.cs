using System.Buffers;
using System.IO.Pipelines;
using System.Reflection;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AkkaFeeds.Server.Edge;

/// <summary>
/// HTTP/1.1 and HTTP/2 on one port without TLS: a client that knows that it is spoken begins with HTTP/2's preface.
/// Kestrel asks TLS alone what is spoken, and takes everything else for HTTP/1.1; but it lets a connection say
/// otherwise by a feature of its own, which it does not name in public. Where a later release has it no more, such a
/// client is answered as HTTP/1.1 has it, and a test fails.
/// </summary>
internal static class Http2Preface
{
    private static readonly Type? Feature = typeof(KestrelServerOptions).Assembly.GetType(
        "Microsoft.AspNetCore.Server.Kestrel.Core.Internal.HttpProtocolsFeature");

    private static readonly ConstructorInfo? Make = Feature?.GetConstructor([typeof(HttpProtocols)]);

    /// <summary>Looks at the first bytes of each connection, and leaves them there.</summary>
    /// <param name="idle">How long a connection may send nothing.</param>
    /// <param name="begun">How long it may leave open what it speaks, once it has begun.</param>
    public static Func<ConnectionDelegate, ConnectionDelegate> Middleware(TimeSpan idle, TimeSpan begun) =>
        next => async connection =>
        {
            try
            {
                if (Make is not null
                    && await IsSpokenAsync(connection.Transport.Input, idle, begun).ConfigureAwait(false))
                {
                    connection.Features[Feature!] = Make.Invoke([HttpProtocols.Http2]);
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException)
            {
                // It said nothing in time, or is gone.
                return;
            }

            await next(connection).ConfigureAwait(false);
        };

    private static async ValueTask<bool> IsSpokenAsync(PipeReader input, TimeSpan idle, TimeSpan begun)
    {
        using var limit = new CancellationTokenSource(idle);
        while (true)
        {
            var result = await input.ReadAsync(limit.Token).ConfigureAwait(false);
            var verdict = Verdict(result.Buffer);
            var isDecided = verdict is not null || result.IsCompleted || result.IsCanceled;
            input.AdvanceTo(result.Buffer.Start, isDecided ? result.Buffer.Start : result.Buffer.End);
            if (isDecided)
            {
                return verdict == true;
            }

            limit.CancelAfter(begun);
        }
    }

    // Null while it may still become the preface.
    private static bool? Verdict(ReadOnlySequence<byte> begun)
    {
        var preface = "PRI * HTTP/2.0"u8;
        Span<byte> bytes = stackalloc byte[preface.Length];
        var length = (int)Math.Min(begun.Length, preface.Length);
        begun.Slice(0, length).CopyTo(bytes);
        return !preface.StartsWith(bytes[..length]) ? false : length == preface.Length ? true : null;
    }
}
