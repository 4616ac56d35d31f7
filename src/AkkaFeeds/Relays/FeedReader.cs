using Akka.Actor;
using AkkaFeeds.Contracts;
using AkkaFeeds.Freshness;

namespace AkkaFeeds.Relays;

/// <summary>
/// Reads slots through sharding, wherever they live; a listing asks all slots of its feed and merges.
/// </summary>
internal sealed class FeedReader(
    IActorRef slots, IReadOnlyDictionary<string, ServedFeed> feeds, FreshnessBoard board) : IFeedReader
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<KeySnapshot> ReadAsync(string feed, KeyName key, CancellationToken cancellation)
    {
        var slot = SlotOf(feed, key);
        return await AskAsync<KeySnapshot>(slot, new SlotQueries.GetKey(slot, key), Patience, cancellation);
    }

    public async Task<KeySnapshot?> WaitAsync(
        string feed, KeyName key, string tag, TimeSpan wait, CancellationToken cancellation)
    {
        var slot = SlotOf(feed, key);
        var message = new SlotQueries.AwaitKey(slot, key, tag, (int)wait.TotalMilliseconds);
        var answer = await AskAsync<IFeedMessage>(slot, message, wait + Patience, cancellation);
        return answer as KeySnapshot;
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
        var order = new RowOrder(query.Descending);
        var rows = parts
            .SelectMany(part => part.Rows.Select((row, index) => (Row: row, Sort: SortValue(part, index))))
            .OrderBy(item => (item.Sort, item.Row.Key), order)
            .Take(query.Limit)
            .Select(item => item.Row)
            .ToList();
        var incarnation = string.Join(' ', parts.Select(part => part.Epoch));
        return new RowsPage(
            $"r{Murmur2.Positive(System.Text.Encoding.UTF8.GetBytes(incarnation)):x8}",
            parts.Sum(part => part.Changes),
            rows,
            parts.Sum(part => part.Total),
            parts.Max(part => part.At));
    }

    public long ReadUntil(string feed) => board.ReadUntil(feed);

    private static Value SortValue(SlotQueries.SlotRows part, int index) =>
        index < part.SortValues.Count ? part.SortValues[index] : Value.Absent;

    private SlotId SlotOf(string feed, KeyName key)
    {
        var served = feeds[feed];
        return served.Slots[key.SlotOf(served.Slots.Count)];
    }

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
            throw new NotReadyException($"slot {slot} is recovering", timeout);
        }
    }
}
