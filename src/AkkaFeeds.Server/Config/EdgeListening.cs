using System.Net;
using AkkaFeeds.Definitions.Files;
using AkkaFeeds.Server.Edge;
using AkkaFeeds.Server.Edge.Streams;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AkkaFeeds.Server.Config;

/// <summary>The ports, and what each connection may take of them before a request of it is looked at.</summary>
internal static class EdgeListening
{
    /// <summary>
    /// Connections for each of <c>limits.connections</c>: room to tell those beyond it so, and for requests that are
    /// no streams.
    /// </summary>
    public const int ConnectionsPerClient = 2;

    /// <summary>The headers of a request.</summary>
    public const int HeadersMax = 100;

    /// <summary>What the server holds of an answer that is not taken, before its writer waits.</summary>
    public const int AnswerBufferBytes = 64 * 1024;

    /// <summary>What one HTTP/2 stream may send before it is read; a longer body waits at the client.</summary>
    public const int StreamWindowBytes = 64 * 1024;

    /// <summary>What all streams of an HTTP/2 connection may send before they are read.</summary>
    public const int ConnectionWindowBytes = 128 * 1024;

    /// <summary>The table of headers that an HTTP/2 connection remembers.</summary>
    public const int HeaderTableBytes = 4 * 1024;

    /// <summary>An HTTP/2 frame.</summary>
    public const int FrameBytes = 16 * 1024;

    /// <summary>One header of an HTTP/2 request; where <c>http.targetBytes</c> is less, that.</summary>
    public const int HeaderFieldBytes = 128 * 1024;

    /// <summary>Says where the server listens, and its limits; none is left to what the server thinks.</summary>
    public static void Listen(
        KestrelServerOptions kestrel, IReadOnlyList<IPEndPoint> edge, IReadOnlyList<IPEndPoint> admin,
        FeedsOptions options, ConnectionPace pace)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        Limit(kestrel.Limits, options);
        foreach (var address in edge)
        {
            kestrel.Listen(address, listen => listen
                .Use(pace.Middleware)
                .Use(Http2Preface.Middleware(options.Http.IdleTimeout, options.Http.HeaderTimeout))
                .Use(RejectedRequests.Middleware));
        }

        foreach (var address in admin)
        {
            kestrel.Listen(address, listen => listen.Use(RejectedRequests.Middleware).Use(next => connection =>
            {
                connection.Features.Set(AdminConnection.Instance);
                return next(connection);
            }));
        }
    }

    /// <summary>Sets each limit that the server has.</summary>
    internal static void Limit(KestrelServerLimits limits, FeedsOptions options)
    {
        var http = options.Http;

        var rate = new MinDataRate(http.BodyRate, http.BodyGrace);
        limits.MaxConcurrentConnections = (long)ConnectionsPerClient * options.Limits.Connections;
        limits.MaxConcurrentUpgradedConnections = (long)ConnectionsPerClient * options.Limits.Connections;
        limits.MaxRequestBodySize = http.BodyBytes;
        limits.MaxRequestLineSize = (int)http.TargetBytes;
        limits.MaxRequestBufferSize = http.TargetBytes + http.HeaderBytes;
        limits.MaxRequestHeadersTotalSize = (int)http.HeaderBytes;
        limits.MaxRequestHeaderCount = HeadersMax;
        limits.MaxResponseBufferSize = AnswerBufferBytes;
        limits.RequestHeadersTimeout = http.HeaderTimeout;
        limits.KeepAliveTimeout = http.IdleTimeout;
        limits.MinRequestBodyDataRate = rate;
        limits.MinResponseDataRate = rate;
        limits.Http2.MaxStreamsPerConnection = http.Streams;
        limits.Http2.HeaderTableSize = HeaderTableBytes;
        limits.Http2.MaxFrameSize = FrameBytes;
        limits.Http2.MaxRequestHeaderFieldSize = (int)Math.Min(http.TargetBytes, HeaderFieldBytes);
        limits.Http2.InitialStreamWindowSize = StreamWindowBytes;
        limits.Http2.InitialConnectionWindowSize = ConnectionWindowBytes;
        limits.Http2.KeepAlivePingDelay = http.Ping;
        limits.Http2.KeepAlivePingTimeout = http.PingTimeout;
    }
}
