using Microsoft.Extensions.Logging;

namespace AkkaFeeds;

/// <summary>What the engine says outside of actors.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(LogLevel.Information, "Ready in {Milliseconds} ms since the process started")]
    public static partial void Ready(ILogger logger, long milliseconds);

    [LoggerMessage(
        LogLevel.Error,
        "Store {Store} takes no writes ({Why}): feeds are stale until it does, and what is lost meanwhile is read again")]
    public static partial void StoreDown(ILogger logger, string store, string why);

    [LoggerMessage(LogLevel.Information, "Store {Store} takes writes again, after {Milliseconds} ms")]
    public static partial void StoreUp(ILogger logger, string store, long milliseconds);

    [LoggerMessage(LogLevel.Information, "The embedded Kafka listens on {Brokers}")]
    public static partial void EmbeddedBrokerStarted(ILogger logger, string brokers);
}
