namespace AkkaFeeds.Contracts;

/// <summary>Why a snapshot is sent.</summary>
public enum SnapshotCause : byte
{
    /// <summary>It answers a subscribe.</summary>
    Subscribe,

    /// <summary>The client is too far behind for a delta, or the key was made just now.</summary>
    Resync,

    /// <summary>The slot has recovered: another epoch.</summary>
    Recovery,

    /// <summary>Another generation is served from now.</summary>
    Cutover,

    /// <summary>The topic was made again, so what the client held is of another log.</summary>
    Reset,
}
