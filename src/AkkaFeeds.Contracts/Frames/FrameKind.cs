namespace AkkaFeeds.Contracts;

/// <summary>What a frame is, for the metric that counts frames.</summary>
public enum FrameKind : byte
{
    /// <summary>A whole view.</summary>
    Snapshot,

    /// <summary>The answer to a resume.</summary>
    Resumed,

    /// <summary>A change of a view.</summary>
    Delta,

    /// <summary>A state.</summary>
    State,

    /// <summary>A collection or its change.</summary>
    Rows,

    /// <summary>A mark.</summary>
    Mark,

    /// <summary>How far the feeds are.</summary>
    Progress,

    /// <summary>Everything else: welcome, error, pong, unsubscribed, bye.</summary>
    Control,
}
