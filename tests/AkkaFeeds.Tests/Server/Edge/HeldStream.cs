using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;
using AkkaFeeds.Server.Edge;
using AkkaFeeds.Server.Edge.Events;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

/// <summary>What a client of an event stream holds, made of seeds: as it comes, and as bad as it can be.</summary>
internal sealed class HeldStream
{
    private static readonly FeedChecks Feeds = new(
        [new FeedCard("flights", null, [], true, ["t"], "serve", null, null, null, null)]);

    private readonly string query;
    private ResumeFrom[] held;

    private HeldStream(ResumeFrom[] held)
    {
        this.held = held;
        query = string.Join('&', held.Select((_, index) => $"sub=flights:{KeyOf(index)}"));
    }

    public int Keys => held.Length;

    /// <summary>A topic that grows on all partitions alike, and keys that are hit by chance, some often.</summary>
    public static HeldStream Of(Random random, int keys, int partitions, int slots)
    {
        var ends = Enumerable.Range(0, partitions).Select(_ => 700_000L + random.Next(100_000)).ToArray();
        var epochs = Epochs(random, slots);
        return new HeldStream([.. Enumerable.Range(0, keys).Select(_ =>
        {
            // Records of this partition between two of the key: 10 to 10,000.
            var apart = Math.Pow(10, 1 + (3 * random.NextDouble()));
            var positions = ends.Select((end, partition) => KeyValuePair.Create(
                $"{partition}", Math.Max(0, end - 1 - (long)(-Math.Log(1 - random.NextDouble()) * apart))));
            return new ResumeFrom(epochs[random.Next(slots)], random.Next(1, 1_000_000), [.. positions]);
        })]);
    }

    /// <summary>Offsets anywhere, of keys that know most partitions in any order, in one of two logs.</summary>
    public static HeldStream Anywhere(Random random, int keys, int partitions, int slots)
    {
        var epochs = Epochs(random, slots);
        return new HeldStream([.. Enumerable.Range(0, keys).Select(_ =>
        {
            var known = Enumerable.Range(0, partitions).Where(_ => random.Next(8) > 0).ToArray();
            random.Shuffle(known);
            var positions = known.Select(partition => KeyValuePair.Create(
                $"{partition % 2}.{partition / 2}", random.NextInt64(1L << random.Next(63))));
            return new ResumeFrom(epochs[random.Next(slots)], random.NextInt64(), [.. positions]);
        })]);
    }

    public string Write() => ResumeToken.Write(
        Ask(null), [.. held.Select((from, index) => new HeldKey("flights", new KeyName("", KeyOf(index)), from))]);

    public byte[] Entries() =>
        new HeldBits(held.Select((from, index) => (index, from))).Write(HeldBits.Exact);

    public IReadOnlyDictionary<int, ResumeFrom> Read(string token) => ResumeToken.Read(Ask(token));

    public void IsExact(IReadOnlyDictionary<int, ResumeFrom> read)
    {
        IsSafe(read);
        Assert.All(read, each => Assert.Equal(ByName(held[each.Key]), ByName(each.Value)));
    }

    public void IsSafe(IReadOnlyDictionary<int, ResumeFrom> read)
    {
        var newest = held.SelectMany(from => from.Positions.Select(each => (Log: LogOf(from), each.Key, each.Value)))
            .GroupBy(each => (each.Log, each.Key)).ToDictionary(each => each.Key, each => each.Max(one => one.Value));
        foreach (var (place, from) in read)
        {
            Assert.Equal((held[place].Epoch, held[place].Version), (from.Epoch, from.Version));
            var (expected, found) = (ByName(held[place]), ByName(from));
            Assert.Equal(expected.Keys, found.Keys);
            Assert.All(found, each => Assert.InRange(
                each.Value, expected[each.Key], newest[(LogOf(from), each.Key)]));
        }
    }

    /// <summary>The client comes back, nothing changes: its next token is made of what the last one said.</summary>
    public void HoldAsRead(IReadOnlyDictionary<int, ResumeFrom> read) =>
        held = [.. Enumerable.Range(0, held.Length).Select(place => read[place])];

    private static SortedDictionary<string, long> ByName(ResumeFrom from) =>
        new(from.Positions.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);

    // As slots have them: the topics, the generation, a sequence number and a part of the owner's name.
    private static string[] Epochs(Random random, int slots) => [.. Enumerable.Range(0, slots).Select(slot =>
        $"{(slot % 9 == 8 ? "0badc0de" : "5f3a91c7")}.1.{random.Next(1, 99_999)}{random.Next(1 << 24):x6}")];

    private static string LogOf(ResumeFrom from) => from.Epoch[..from.Epoch.IndexOf('.', StringComparison.Ordinal)];

    private static string KeyOf(int index) => $"a key that is as long as a line of 8 KB leaves {index}"
        .Replace(' ', '-');

    private EventsRequest Ask(string? id) => EventsRequest.Read(query, id, Feeds, subscriptionsMax: 1_000);
}
