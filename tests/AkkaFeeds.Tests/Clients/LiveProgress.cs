using AkkaFeeds.Contracts;

namespace AkkaFeeds.Tests.Clients;

/// <summary>Every feed is live, and was read up to 1.</summary>
internal sealed class LiveProgress : IFeedProgress
{
    public FeedProgress Of(string feed) => new(1, FreshnessState.Live);
}
