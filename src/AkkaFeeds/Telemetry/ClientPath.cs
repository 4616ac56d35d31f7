namespace AkkaFeeds.Telemetry;

/// <summary>Which way bytes go to a client.</summary>
public enum ClientPath : byte
{
    /// <summary>The frames of akkafeeds.v1.</summary>
    WebSocket,

    /// <summary>Server-sent events.</summary>
    Sse,

    /// <summary>Subscriptions of graphql-transport-ws.</summary>
    GraphQl,
}
