using System.Text;
using System.Text.Json;
using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;
using Xunit;

namespace AkkaFeeds.Tests.Clients;

/// <summary>Each subscribe has one answer, and a key that was left shows nothing more.</summary>
public sealed class AnswersTests
{
    private static readonly KeyName Key = new("", "K");

    private readonly FrameBatch frames = new();
    private readonly Outbox outbox = new(new OutboxOptions(100, 500), () => 0, _ => { });

    [Fact]
    public void Two_subscribes_before_the_first_answer_get_two_snapshots()
    {
        var place = new KeyPlace(outbox, "f", Key);
        outbox.Subscribe(place, null, 0, null);
        outbox.Subscribe(place, new FieldSelection(["n"]), 0, null);
        Assert.Equal(2, place.Unanswered);
        place.Show(new(View(1)));
        Assert.Equal(["snapshot", "snapshot"], Flushed());
        Assert.Equal(0, place.Unanswered);
        place.Show(new(View(2)));
        Assert.Equal(["delta"], Flushed());
    }

    [Fact]
    public void Only_a_subscribe_that_is_alone_is_resumed()
    {
        var held = new ResumeFrom("t.1", 1, []);
        var place = new KeyPlace(outbox, "f", Key);
        outbox.Subscribe(place, null, 0, held);
        place.Show(new(View(1)));
        Assert.Equal(["resumed", "state"], Flushed());

        var twice = new KeyPlace(outbox, "f", Key);
        outbox.Subscribe(twice, null, 0, null);
        outbox.Subscribe(twice, null, 0, held);
        twice.Show(new(View(1)));
        Assert.Equal(["snapshot", "snapshot"], Flushed());
    }

    // What the browser's client sends where it wants other fields than it holds (src/akkafeeds-js/akkafeeds-views.js).
    [Fact]
    public void The_positions_of_an_epoch_that_there_never_was_hold_back_an_older_view_and_resume_nothing()
    {
        var place = new KeyPlace(outbox, "f", Key);
        outbox.Subscribe(place, new FieldSelection(["n"]), 0, new ResumeFrom("t.", 5, [new("0", 9)]));
        place.Show(new(View(5, 8)));
        Assert.Equal(["state"], Flushed());
        place.Show(new(View(5, 9)));
        Assert.Equal(["snapshot"], Flushed());
    }

    [Fact]
    public void A_collection_is_shown_once_for_each_subscribe()
    {
        var place = new RowsPlace(outbox, "f", "t", new RowsQuery("", null, null, false, 10)) { Unanswered = 2 };
        place.Show(new(new RowsView("f", "r", 1, [], 0, 0)));
        Assert.Equal(["rows", "rows"], Flushed());
        Assert.Equal(0, place.Unanswered);
    }

    [Fact]
    public void What_a_relay_shows_of_a_key_that_was_left_is_dropped()
    {
        var place = new KeyPlace(outbox, "f", Key);
        var collection = new RowsPlace(outbox, "f", "t", new RowsQuery("", null, null, false, 10));
        outbox.Subscribe(place, null, 0, null);
        place.Show(new(View(1)));
        collection.Show(new(new RowsView("f", "r", 1, [], 0, 0)));
        Assert.Equal(["snapshot", "rows"], Flushed());

        outbox.Remove(place);
        outbox.Remove(collection);
        place.Show(new(View(2)));
        collection.Show(new(new RowsView("f", "r", 2, [], 1, 0)));
        Assert.Equal([], Flushed());
    }

    [Fact]
    public void Progress_tells_the_time_at_which_it_is_written()
    {
        var clock = new Clock();
        using var ticker = new FlushTicker(TimeSpan.FromMilliseconds(100), clock, new LiveProgress());
        Assert.Equal("""{"op":"progress","feeds":{"f":{"at":1,"state":"live"}},"now":1000}""", Text());
        clock.UnixMs += 700;
        Assert.Equal("""{"op":"progress","feeds":{"f":{"at":1,"state":"live"}},"now":1700}""", Text());

        string Text() => Encoding.UTF8.GetString(ticker.Progress("f"));
    }

    private static KeyView View(long version, long? position = null)
    {
        var ring = new ChangeRing();
        var paths = new PathSet();
        paths.Add("n");
        ring.Add(version - 1, version, paths);
        var name = new FrameName("f", Key);
        var view = ViewNode.Parse(Encoding.UTF8.GetBytes($"{{\"n\":{version}}}"));
        KeyValuePair<string, long>[] positions = position is { } offset ? [new("0", offset)] : [];
        return new(name, new ViewVersion(name, "t.1", version, view, 0, positions, ring), FreshnessStatus.Live, null);
    }

    private List<string> Flushed()
    {
        frames.Clear();
        outbox.Flush(0, frames);
        return
        [
            .. Enumerable.Range(0, frames.Count)
                .Select(index => JsonDocument.Parse(frames[index]).RootElement.GetProperty("op").GetString()!),
        ];
    }

    private sealed class Clock : TimeProvider
    {
        public long UnixMs { get; set; } = 1_000;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(UnixMs);
    }
}
