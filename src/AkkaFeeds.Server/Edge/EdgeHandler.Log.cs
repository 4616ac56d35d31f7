namespace AkkaFeeds.Server.Edge;

internal sealed partial class EdgeHandler
{
    [LoggerMessage(EventId = 1001, Level = LogLevel.Error, Message = "Request {Target} failed")]
    private partial void RequestFailed(Exception exception, string target);
}
