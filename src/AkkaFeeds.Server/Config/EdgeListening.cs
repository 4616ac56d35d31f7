using System.Net;
using AkkaFeeds.Definitions.Files;
using AkkaFeeds.Server.Edge;
using AkkaFeeds.Server.Edge.Streams;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AkkaFeeds.Server.Config;

/// <summary>The ports, and what each connection may take of them before a request of it is looked at.</summary>
internal static class EdgeListening
{
    private const int BodyRateBytes = 240;
    private static readonly TimeSpan RateGrace = TimeSpan.FromSeconds(10);

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

    private static void Limit(KestrelServerLimits limits, FeedsOptions options)
    {
        var http = options.Http;

        // Room to tell those beyond limits.connections so, and for requests that are no streams.
        limits.MaxConcurrentConnections = 2L * options.Limits.Connections;
        limits.MaxConcurrentUpgradedConnections = 2L * options.Limits.Connections;
        limits.MaxRequestBodySize = http.BodyBytes;
        limits.MaxRequestLineSize = (int)http.TargetBytes;
        limits.MaxRequestBufferSize = http.TargetBytes + http.HeaderBytes;
        limits.MaxRequestHeadersTotalSize = (int)http.HeaderBytes;
        limits.MaxRequestHeaderCount = 100;
        limits.RequestHeadersTimeout = http.HeaderTimeout;
        limits.KeepAliveTimeout = http.IdleTimeout;
        limits.MinRequestBodyDataRate = new MinDataRate(BodyRateBytes, RateGrace);
        limits.MinResponseDataRate = new MinDataRate(BodyRateBytes, RateGrace);
        limits.Http2.MaxStreamsPerConnection = http.Streams;
        limits.Http2.HeaderTableSize = 4_096;
        limits.Http2.MaxFrameSize = 16_384;
        limits.Http2.MaxRequestHeaderFieldSize = (int)Math.Min(http.TargetBytes, 128 * 1024);
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(15);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(15);
    }
}
