using AkkaFeeds.Contracts;
using AkkaFeeds.Ingest.Protocol;
using Xunit;

namespace AkkaFeeds.Tests.Ingest.Protocol;

public sealed class FloorAccountTests
{
    private static readonly byte[] Bytes = new byte[30 * 1024 * 1024];

    private readonly FloorAccount account =
        new(new LedgerView("lease", 0, default, LateRule.None, new LeaderMark(-1, 0)));

    [Fact]
    public void What_a_write_lists_is_bounded_and_the_floor_rises_with_several()
    {
        account.Add(Batch(0, 7));
        var floors = new List<long>();
        var listed = new List<long>();
        for (long floor = 0; floor < 7;)
        {
            var write = account.Prepare("lease", floor, 7);
            Assert.InRange(write.Entries.Sum(entry => (long)entry.Bytes), 1, 64 * 1024 * 1024);
            Assert.Equal(write.Floor, write.Counts.Quarantined);
            floors.Add(write.Floor);
            listed.AddRange(write.Entries.Select(entry => entry.Offset));
            account.Stored(write);
            floor = write.Floor;
        }

        Assert.Equal([2, 4, 6, 7], floors);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], listed);
        Assert.Equal(0, account.RecordsAboveFloor);
    }

    [Fact]
    public void What_slots_refused_is_bounded_by_its_details_too()
    {
        var detail = new string('x', 500);
        account.Add(Batch(0, 1));
        account.Add([.. Enumerable.Range(1, 200_000).Select(offset => new Refusal(offset, "type", detail))], 0);
        var write = account.Prepare("lease", 0, 200_001);
        Assert.InRange(write.Floor, 100_000, 150_000);
        Assert.Equal(write.Floor, write.Entries.Count);
        account.Stored(write);
        Assert.Equal(200_001, account.Prepare("lease", write.Floor, 200_001).Floor);
    }

    private static ClassifiedBatch Batch(int from, int count)
    {
        var offsets = Enumerable.Range(from, count).Select(offset => (long)offset).ToArray();
        return new ClassifiedBatch
        {
            FetchGeneration = 1,
            Offsets = offsets,
            Outcomes = [.. offsets.Select(_ => Outcome.Quarantined)],
            EventTimes = new long[count],
            Blocks = [null],
            Entries = [.. offsets.Select(offset =>
                new LedgerEntry(offset, Outcome.Quarantined, "type", "delay is text", default, Bytes))],
            Next = from + count,
            LeaderEpoch = -1,
        };
    }
}
