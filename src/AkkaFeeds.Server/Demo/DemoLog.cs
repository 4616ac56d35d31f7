namespace AkkaFeeds.Server.Demo;

/// <summary>What the demo says.</summary>
internal static partial class DemoLog
{
    [LoggerMessage(
        LogLevel.Information,
        "Replaying {Flights} real US flights of June 2001, again and again: {Backlog} at once, then {Rate} a second. "
        + "`akkafeeds help demo` shows the file that is served, a start for your own")]
    public static partial void Replays(ILogger logger, int flights, int backlog, int rate);

    [LoggerMessage(
        LogLevel.Warning, "Kafka does not take the replay's records ({Reason}); they are sent again every second")]
    public static partial void Refused(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Information, "Kafka takes the replay's records again")]
    public static partial void Accepted(ILogger logger);

    [LoggerMessage(LogLevel.Information, "The replay ends after {Records} records")]
    public static partial void Ended(ILogger logger, long records);
}
