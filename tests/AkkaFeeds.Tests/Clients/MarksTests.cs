using System.Text;
using System.Text.Json;
using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;
using AkkaFeeds.Telemetry;
using Xunit;

namespace AkkaFeeds.Tests.Clients;

/// <summary>Marks bound how old the views are that a slow client reads; here they come each 500 ms.</summary>
public sealed class MarksTests
{
    private static readonly KeyName Key = new("", "K");

    private readonly ChangeRing ring = new();
    private readonly FrameBatch frames = new();
    private readonly FreshnessMeter meter = new();
    private readonly Outbox outbox;
    private readonly KeyPlace place;
    private long now = 10_000;
    private long version;
    private long again;

    public MarksTests()
    {
        outbox = new Outbox(new OutboxOptions(100, 500), () => now, _ => { });
        place = new KeyPlace(outbox, "f", Key) { Freshness = meter };
        outbox.AnswerMarks();
        outbox.Subscribe(place, null, 0, null);
    }

    [Fact]
    public void Views_are_held_back_behind_a_mark_that_is_unanswered_for_too_long()
    {
        Assert.Equal(["snapshot", "mark"], Changed());
        now += 500;
        Assert.Equal(["delta"], Changed());
        now += 1;
        Assert.Equal([], Changed());
        Assert.Equal(long.MaxValue, again);
        outbox.Rendered(1);
        Assert.Equal(["delta", "mark"], Flushed());
    }

    [Fact]
    public void Who_answered_late_is_sent_views_with_a_mark_only_and_none_behind_it()
    {
        Late();
        now += 200;
        Assert.Equal([], Changed());
        outbox.Rendered(2);
        Assert.Equal([], Flushed());
        Assert.Equal(now + 300, again);
        now += 299;
        Assert.Equal([], Flushed());
        now += 1;
        Assert.Equal(["delta", "mark"], Flushed());
        Assert.Equal(long.MaxValue, again);
    }

    [Fact]
    public void Who_answers_promptly_again_is_sent_views_as_they_come()
    {
        Late();
        now += 126;
        outbox.Rendered(2);
        now += 1;
        Assert.Equal([], Changed());
        now += 373;
        Assert.Equal(["delta", "mark"], Flushed());
        now += 125;
        outbox.Rendered(3);
        Assert.Equal(["delta"], Changed());
        now += 100;
        Assert.Equal(["delta"], Changed());
    }

    [Fact]
    public void Nobody_is_held_back_who_answers_each_mark_in_time()
    {
        Assert.Equal(["snapshot", "mark"], Changed());
        for (var mark = 1; mark < 20; mark++)
        {
            now += 450;
            Assert.Equal(["delta"], Changed());
            outbox.Rendered(mark);
            now += 50;
            Assert.Equal(["delta", "mark"], Changed());
        }
    }

    [Fact]
    public void A_paint_is_as_old_as_the_newest_record_before_its_mark_and_who_painted_nothing_does_not_count()
    {
        Assert.Equal(["snapshot", "mark"], Changed());
        outbox.Rendered(1, 7);
        now += 500;
        Assert.Equal(["delta", "mark"], Changed());
        outbox.Rendered(2);
        now += 500;
        Assert.Equal(["delta", "mark"], Changed());
        now += 42;
        outbox.Rendered(3, 42);

        var painted = meter.Between(FreshnessStage.Render, null, meter.Read());
        Assert.Equal(1, painted.Sum());
        Assert.InRange(meter.Percentile(painted, 1), 20, 50);
        Assert.Equal(2, meter.Between(FreshnessStage.Write, null, meter.Read()).Sum());
    }

    [Theory]
    [InlineData(long.MaxValue, 30)]
    [InlineData(31, 30)]
    [InlineData(20, 20)]
    [InlineData(-1, 0)]
    [InlineData(long.MinValue, 0)]
    public void A_paint_lies_between_its_mark_and_the_answer_whatever_the_clients_clock_says(long said, long counted)
    {
        Assert.Equal(["snapshot", "mark"], Changed());
        outbox.Rendered(1);
        now += 500;
        Assert.Equal(["delta", "mark"], Changed());
        now += 30;
        outbox.Rendered(2, said);
        Assert.Equal(counted, meter.SumMilliseconds(FreshnessStage.Render));
    }

    // Mark 1 was answered late, mark 2 has just been written.
    private void Late()
    {
        Assert.Equal(["snapshot", "mark"], Changed());
        now += 501;
        Assert.Equal([], Changed());
        outbox.Rendered(1);
        Assert.Equal(["delta", "mark"], Flushed());
    }

    private List<string> Changed()
    {
        var paths = new PathSet();
        paths.Add("n");
        ring.Add(version, ++version, paths);
        var name = new FrameName("f", Key);
        var view = ViewNode.Parse(Encoding.UTF8.GetBytes($"{{\"n\":{version}}}"));
        var shown = new ViewVersion(name, "t.1", version, view, 0, [], ring);
        place.Show(new(new KeyView(name, shown, FreshnessStatus.Live, null)));
        return Flushed();
    }

    private List<string> Flushed()
    {
        frames.Clear();
        again = outbox.Flush(0, frames);
        return
        [
            .. Enumerable.Range(0, frames.Count)
                .Select(index => JsonDocument.Parse(frames[index]).RootElement.GetProperty("op").GetString()!),
        ];
    }
}
