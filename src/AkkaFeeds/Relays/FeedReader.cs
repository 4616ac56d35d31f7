using Akka.Actor;
using AkkaFeeds.Contracts;
using AkkaFeeds.Freshness;

namespace AkkaFeeds.Relays;

/// <summary>
/// Reads slots through sharding, wherever they live; a listing asks all slots of its feed and merges. A long poll
/// watches its key at this node's relay, as a client does. Where no slot answers it says what the cluster lacks.
/// </summary>
internal sealed class FeedReader(
    IActorRef slots, IActorRef relays, IReadOnlyDictionary<string, ServedFeed> feeds, FreshnessBoard board,
    Func<string?> rolesMissing)
    : IFeedReader
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan UntilBothAgree = TimeSpan.FromMilliseconds(250);

    public async Task<KeySnapshot> ReadAsync(string feed, KeyName key, CancellationToken cancellation)
    {
        var slot = feeds[feed].SlotOf(key);
        return await AskAsync<KeySnapshot>(slot, new SlotQueries.GetKey(slot, key), Patience, cancellation);
    }

    public async Task<KeySnapshot?> WaitAsync(
        string feed, KeyName key, string tag, TimeSpan wait, CancellationToken cancellation)
    {
        var now = await ReadAsync(feed, key, cancellation);
        if (now.Tag != tag || wait <= TimeSpan.Zero)
        {
            return now.Tag == tag ? null : now;
        }

        var poll = new LongPoll(now);
        relays.Tell(new RelayMessages.WatchKey(feed, key, poll));
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        within.CancelAfter(wait);
        try
        {
            return await OtherAsync(feed, key, tag, poll, within.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            relays.Tell(new RelayMessages.UnwatchKey(feed, key, poll));
        }
    }

    // A relay and its slot hear of another state within a second of each other, and either may be the first. A poller
    // is always shown the slot's word, against which he is asked, else the two would lead him to and fro.
    private async Task<KeySnapshot> OtherAsync(
        string feed, KeyName key, string tag, LongPoll poll, CancellationToken cancellation)
    {
        while (true)
        {
            var (next, other) = (poll.Next, poll.Other);
            if (other is not null && await ReadOrAsync(feed, key, other, cancellation) is var now && now.Tag != tag)
            {
                return now;
            }

            try
            {
                await next.WaitAsync(other is null ? Timeout.InfiniteTimeSpan : UntilBothAgree, cancellation);
            }
            catch (TimeoutException)
            {
                // Slot and relay still differ: the slot is asked again.
            }
        }
    }

    private async Task<KeySnapshot> ReadOrAsync(
        string feed, KeyName key, KeySnapshot notReady, CancellationToken cancellation)
    {
        try
        {
            return await ReadAsync(feed, key, cancellation);
        }
        catch (NotReadyException)
        {
            return notReady;
        }
    }

    public async Task<KeysPage> KeysAsync(
        string feed, string tenant, string prefix, string? after, int limit, CancellationToken cancellation)
    {
        var parts = await AskAllAsync<SlotQueries.SlotKeys>(
            feed, slot => new SlotQueries.ListKeys(slot, tenant, prefix, after, limit), cancellation);
        var all = parts.SelectMany(part => part.Keys).Order(Utf8Order.Instance).ToList();
        var more = all.Count > limit || parts.Any(part => part.More);
        return new KeysPage(all.Count > limit ? all.GetRange(0, limit) : all, more);
    }

    public async Task<RowsPage> RowsAsync(string feed, string tenant, RowsQuery query, CancellationToken cancellation)
    {
        var parts = await AskAllAsync<SlotQueries.SlotRows>(
            feed, slot => new SlotQueries.GetRows(slot, tenant, query), cancellation);
        var rows = RowOrder.Best(parts, query).Select(best => best.Part.Rows[best.Row]).ToList();
        var incarnation = string.Join(' ', parts.Select(part => part.Epoch));
        return new RowsPage(
            $"r{Murmur2.Positive(System.Text.Encoding.UTF8.GetBytes(incarnation)):x8}",
            parts.Sum(part => part.Changes),
            rows,
            parts.Sum(part => part.Total),
            parts.Max(part => part.At));
    }

    public long ReadUntil(string feed) => board.ReadUntil(feed);

    private async Task<T[]> AskAllAsync<T>(
        string feed, Func<SlotId, ISlotMessage> message, CancellationToken cancellation) =>
        await Task.WhenAll(
            feeds[feed].Slots.Select(slot => AskAsync<T>(slot, message(slot), Patience, cancellation)));

    private async Task<T> AskAsync<T>(
        SlotId slot, ISlotMessage message, TimeSpan patience, CancellationToken cancellation)
    {
        try
        {
            return await slots.Ask<T>(message, patience, cancellation);
        }
        catch (AskTimeoutException timeout)
        {
            throw new NotReadyException(
                rolesMissing() ?? (board.Store.DownSince is null ? $"slot {slot} is recovering" : "the store is down"),
                timeout);
        }
    }
}
