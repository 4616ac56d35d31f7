using System.Text;
using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;
using Xunit;

namespace AkkaFeeds.Tests.Clients;

/// <summary>When a change is written: at once for who has a few, together with others for who has many.</summary>
public sealed class FlushTimesTests
{
    private const long Flush = 100;
    private readonly FrameName name = new("f", new KeyName("", "A"));
    private readonly List<long> wakes = [];
    private readonly FrameBatch frames = new();
    private readonly Outbox outbox;
    private readonly KeyPlace place;
    private long now = 1_000;
    private long version;

    public FlushTimesTests()
    {
        outbox = new Outbox(new OutboxOptions(Flush, 500), () => now, wakes.Add);
        place = new KeyPlace(outbox, "f", name.Key);
    }

    [Fact]
    public void Eight_writes_in_a_row_are_at_once_and_then_one_comes_with_each_flush_time()
    {
        Assert.Equal(
            [.. Enumerable.Repeat(0L, 8), Flush, Flush, Flush], Enumerable.Range(0, 11).Select(_ => Change()));
    }

    [Fact]
    public void A_few_changes_a_second_are_never_held_back()
    {
        long[] pauses = [300, 5, 90, 400, 20, 200, 180, 20, 150, 60, 250];
        Assert.All(pauses, pause =>
        {
            now += pause;
            Assert.Equal(0, Change());
        });
    }

    [Fact]
    public void A_second_change_before_a_write_wakes_nobody()
    {
        Show();
        Show();
        Assert.Equal([0], wakes);
    }

    // Shows a change, waits as long as the outbox says, and writes.
    private long Change()
    {
        Show();
        var pause = wakes[^1];
        now += pause;
        frames.Clear();
        outbox.Flush(0, frames);
        Assert.True(frames.Count > 0);
        return pause;
    }

    private void Show()
    {
        var view = ViewNode.Parse(Encoding.UTF8.GetBytes($"{{\"n\":{++version}}}"));
        var shown = new ViewVersion(name, "t.1", version, view, 0, [], new ChangeRing());
        place.Show(new(new KeyView(name, shown, FreshnessStatus.Live, null)));
    }
}
