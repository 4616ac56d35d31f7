using AkkaFeeds.Contracts;

namespace AkkaFeeds.Tests.Clients;

/// <summary>Every feed is live, and was read up to <see cref="At"/>.</summary>
internal sealed class LiveProgress : IFeedProgress
{
    public long At { get; set; } = 1;

    public FeedProgress Of(string feed) => new(At, FreshnessState.Live);
}
