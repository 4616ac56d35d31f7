using AkkaFeeds.Telemetry;

namespace AkkaFeeds.Clients;

/// <summary>One connection, as its client's actor sees it. The actor writes once at a time.</summary>
internal interface IClientSocket
{
    /// <summary>Which way its bytes go.</summary>
    ClientPath Path => ClientPath.WebSocket;

    /// <summary>
    /// Whether it is told with each progress what the client then holds (<see cref="FrameBatch.Held"/>).
    /// </summary>
    bool WantsHeld => false;

    /// <summary>Whether it takes views whole: each change of a key comes as a snapshot, and none as a delta.</summary>
    bool WantsWhole => false;

    /// <summary>
    /// How many bytes the other end has taken so far; stays 0 where that cannot be told, and a write is then all or
    /// nothing.
    /// </summary>
    long BytesTaken => 0;

    /// <summary>
    /// Writes all frames of a batch, in one write where the transport can. Reads the batch before it returns;
    /// completes when the system has taken all of it; fails when the connection is gone.
    /// </summary>
    ValueTask SendAsync(FrameBatch frames);

    /// <summary>Closes with a code behind what was written, or at once where a write hangs.</summary>
    void Close(int code, string reason);
}
