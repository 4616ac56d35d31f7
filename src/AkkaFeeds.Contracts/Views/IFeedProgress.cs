namespace AkkaFeeds.Contracts;

/// <summary>How far each feed is, for <c>progress</c> frames; read often, from any thread, without waiting.</summary>
public interface IFeedProgress
{
    /// <summary>How far a feed is that exists.</summary>
    FeedProgress Of(string feed);
}

/// <summary>How far a feed is.</summary>
/// <param name="At">
/// The instant up to which every partition has been read, Unix ms: at the log's end the time of the last contact; 0
/// before the first.
/// </param>
/// <param name="State">The state of the feed as a whole.</param>
public sealed record FeedProgress(long At, FreshnessState State);
