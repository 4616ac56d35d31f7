namespace AkkaFeeds.Harness;

/// <summary>What becomes of some bytes on their way through a <see cref="TcpProxy"/>.</summary>
public enum ProxyVerdict
{
    /// <summary>They go on.</summary>
    Pass,

    /// <summary>They are lost, and the connection is reset.</summary>
    Reset,
}
