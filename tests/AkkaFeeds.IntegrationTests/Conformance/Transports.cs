namespace AkkaFeeds.IntegrationTests.Conformance;

/// <summary>Every way to watch a feed.</summary>
internal static class Transports
{
    public const string WebSocket = "websocket";
    public const string Events = "sse";
    public const string EventsOverHttp2 = "sse-h2c";
    public const string LongPoll = "long-poll";
    public const string GraphQl = "graphql";
    public const string GraphQlQuery = "graphql-query";
    public const string Polling = "polling";

    public static readonly string[] All =
        [WebSocket, Events, EventsOverHttp2, GraphQl, GraphQlQuery, LongPoll, Polling];

    /// <summary>Those that are told of a change, and count the versions of a collection alike.</summary>
    public static readonly string[] Streams = [WebSocket, Events, EventsOverHttp2, GraphQl];

    /// <summary>Those whose clients say what they hold when they come back.</summary>
    public static readonly string[] Resuming = [WebSocket, Events, EventsOverHttp2];

    public static Viewer Open(string transport, ConformanceServer server, Watched watched) => (transport switch
    {
        WebSocket => (Viewer)new WebSocketViewer(server.Http, watched),
        Events => new EventsViewer(server.Http, watched),
        EventsOverHttp2 => new EventsViewer(server.Http, watched, new Version(2, 0)),
        GraphQl => new GraphQlViewer(server.Http, watched),
        GraphQlQuery => new GraphQlQueryViewer(server.Http, watched),
        LongPoll => new PollViewer(server.Http, watched, isLong: true),
        Polling => new PollViewer(server.Http, watched, isLong: false),
        _ => throw new ArgumentOutOfRangeException(nameof(transport), transport, null),
    }).Start();
}
