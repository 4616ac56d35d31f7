using System.Collections.Concurrent;
using System.Text;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Tests.Server.Edge;

/// <summary>A reader that tests set key by key; every other key is blank. A wait ends when its key is set.</summary>
internal sealed class FakeReader : IFeedReader
{
    private readonly ConcurrentDictionary<string, KeySnapshot> snapshots = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> changes = new();

    public ConcurrentQueue<string> Asked { get; } = new();

    public ConcurrentQueue<TimeSpan> Waits { get; } = new();

    public ConcurrentQueue<RowsQuery> Queries { get; } = new();

    public Exception? Failure { get; set; }

    public RowsPage Page { get; set; } = new("r1", 7, [], 0, 0);

    /// <summary>Ends when a request waits for a change of the key.</summary>
    public TaskCompletionSource Waiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Set(string key, long version, string data, FreshnessStatus? freshness = null)
    {
        snapshots[key] = new KeySnapshot(
            "flights", new KeyName("", key), "e1.4", version, Encoding.UTF8.GetBytes(data), 1764000000000,
            [new("3", 1234)], freshness ?? FreshnessStatus.Live);
        Changed(key).TrySetResult();
    }

    public Task<KeySnapshot> ReadAsync(string feed, KeyName key, CancellationToken cancellation)
    {
        Asked.Enqueue(key.Key);
        return Failure is null ? Task.FromResult(Snapshot(feed, key)) : Task.FromException<KeySnapshot>(Failure);
    }

    public async Task<KeySnapshot?> WaitAsync(
        string feed, KeyName key, string tag, TimeSpan wait, CancellationToken cancellation)
    {
        Waits.Enqueue(wait);
        var changed = Changed(key.Key).Task;
        if (wait > TimeSpan.Zero && Snapshot(feed, key).Tag == tag)
        {
            Waiting.TrySetResult();
            await changed.WaitAsync(cancellation);
        }

        var snapshot = Snapshot(feed, key);
        return snapshot.Tag == tag ? null : snapshot;
    }

    public Task<KeysPage> KeysAsync(
        string feed, string tenant, string prefix, string? after, int limit, CancellationToken cancellation)
    {
        var keys = snapshots.Keys.Order(StringComparer.Ordinal)
            .Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
            .Where(key => after is null || string.CompareOrdinal(key, after) > 0).ToList();
        return Task.FromResult(new KeysPage([.. keys.Take(limit)], keys.Count > limit));
    }

    public Task<RowsPage> RowsAsync(string feed, string tenant, RowsQuery query, CancellationToken cancellation)
    {
        Queries.Enqueue(query);
        return Task.FromResult(Page);
    }

    public long ReadUntil(string feed) => 1764000001000;

    private TaskCompletionSource Changed(string key) =>
        changes.GetOrAdd(key, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    private KeySnapshot Snapshot(string feed, KeyName key) => snapshots.TryGetValue(key.Key, out var snapshot)
        ? snapshot
        : new KeySnapshot(feed, key, "e1.4", 0, default, 0, [], FreshnessStatus.Blank);
}
