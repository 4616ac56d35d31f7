using System.Collections.Concurrent;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Freshness;

/// <summary>
/// What this node knows of the lanes of every feed: who reads each partition, how far, and when it last heard of the
/// log's end.
/// Written by lane reports, read by slots and edges at any time from any thread.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="slos">How far behind the reading of each feed may be; a feed that is missing made no promise.</param>
/// <param name="slots">How many slots each feed has.</param>
internal sealed class FreshnessBoard(
    TimeProvider clock, IReadOnlyDictionary<string, TimeSpan?> slos, IReadOnlyDictionary<string, int> slots)
    : IFeedProgress
{
    /// <summary>A lane that has not reported for so long counts as gone.</summary>
    public static readonly TimeSpan ReportPatience = TimeSpan.FromSeconds(1.5);

    /// <summary>A broker that has not answered for so long counts as unreachable.</summary>
    public static readonly TimeSpan ContactPatience = TimeSpan.FromSeconds(1.5);

    /// <summary>A transaction that has been open for so long hides records from readers.</summary>
    public static readonly TimeSpan TransactionPatience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, FeedBoard> feeds = new(StringComparer.Ordinal);

    /// <summary>Whether the store answers.</summary>
    public StoreBoard Store { get; } = new(clock);

    /// <summary>The board of one feed.</summary>
    public FeedBoard Of(string feed) => feeds.GetOrAdd(
        feed,
        name => new FeedBoard(
            clock, Store, slos.GetValueOrDefault(name),
            new SlotBoard(clock, slots.GetValueOrDefault(name), () => News?.Invoke()), () => News?.Invoke()));

    /// <summary>Called when something has changed that the other nodes should know at once. Any thread.</summary>
    public Action? News { get; set; }

    /// <summary>
    /// The instant up to which every partition of the feed has been read, Unix ms; 0 before the first contact.
    /// </summary>
    public long ReadUntil(string feed) => Of(feed).ReadUntil();

    /// <inheritdoc/>
    FeedProgress IFeedProgress.Of(string feed)
    {
        var board = Of(feed);
        return new FeedProgress(board.ReadUntil(), board.Status().State);
    }
}
