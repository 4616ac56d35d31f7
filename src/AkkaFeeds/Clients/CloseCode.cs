namespace AkkaFeeds.Clients;

/// <summary>Why a connection is closed (product.md, section 6); the range says whether to come back.</summary>
internal static class CloseCode
{
    /// <summary>The node stops: come back, to it or another.</summary>
    public const int GoingAway = 1001;

    /// <summary>The client breaks a rule of the protocol.</summary>
    public const int Policy = 1008;

    /// <summary>A frame of the client is too large.</summary>
    public const int TooBig = 1009;

    /// <summary>A frame of the client is no JSON object.</summary>
    public const int BadFrame = 4000;

    /// <summary>The client's socket took no byte for too long, or its frame did not come whole in time.</summary>
    public const int TooSlow = 4008;

    /// <summary>The client goes on beyond a limit.</summary>
    public const int Limit = 4009;

    /// <summary>The node has as many connections as it may.</summary>
    public const int TooManyConnections = 4011;
}
