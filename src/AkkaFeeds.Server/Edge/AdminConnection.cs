namespace AkkaFeeds.Server.Edge;

/// <summary>Marks a connection that came in by the admin port: told by the listener, which no header of a client can
/// pretend.</summary>
internal sealed class AdminConnection
{
    private AdminConnection()
    {
    }

    public static AdminConnection Instance { get; } = new();
}
