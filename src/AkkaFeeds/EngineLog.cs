using Microsoft.Extensions.Logging;

namespace AkkaFeeds;

/// <summary>What the engine says outside of actors.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(LogLevel.Information, "Ready in {Milliseconds} ms since the process started")]
    public static partial void Ready(ILogger logger, long milliseconds);

    [LoggerMessage(LogLevel.Information, "The embedded Kafka listens on {Brokers}")]
    public static partial void EmbeddedBrokerStarted(ILogger logger, string brokers);
}
