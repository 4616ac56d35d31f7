using System.Text;
using Akka.Actor;
using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;
using Xunit;

namespace AkkaFeeds.Tests.Clients;

/// <summary>What a place keeps of what its relay shows, and of what its client holds.</summary>
public sealed class HeldKeysTests
{
    private static readonly FrameName Name = new("f", new KeyName("", "K"));

    private readonly FrameBatch frames = new();
    private readonly Outbox outbox = new(new OutboxOptions(100, 500), () => 0, _ => { });
    private readonly KeyPlace place;

    public HeldKeysTests()
    {
        place = new KeyPlace(outbox, "f", Name.Key);
        outbox.Subscribe(place, null, 0, null);
    }

    [Fact]
    public void A_flush_writes_what_is_shown_by_then_and_the_news_of_it_writes_nothing_more()
    {
        var latest = new Latest<KeyView>(View(1, []));
        place.Show(latest);
        latest.View = View(2, []);
        Assert.Equal(1, Flush());
        Assert.Equal(2, place.Held!.Version);

        place.Show(latest);
        Assert.Equal(0, Flush());
    }

    [Fact]
    public void A_relay_that_follows_another_is_the_one_that_counts()
    {
        var former = new Latest<KeyView>(View(1, []));
        place.Show(former);
        Assert.Equal(1, Flush());
        place.Show(new(View(2, [])));
        former.View = View(9, []);
        Assert.Equal(1, Flush());
        Assert.Equal(2, place.Held!.Version);
    }

    [Fact]
    public void What_was_told_as_held_stays_as_it_was_told()
    {
        var first = HeldBehind(View(1, [new("0", 10), new("1", 20)]));
        var same = HeldBehind(View(2, [new("0", 11), new("1", 20)]));
        var more = HeldBehind(View(3, [new("0", 12), new("1", 21), new("2", 5)]));
        var others = HeldBehind(View(4, [new("0", 13), new("3", 1)]));

        Assert.Equal([new("0", 10), new("1", 20)], first.Positions);
        Assert.Equal([new("0", 11), new("1", 20)], same.Positions);
        Assert.Equal([new("0", 12), new("1", 21), new("2", 5)], more.Positions);
        Assert.Equal([new("0", 13), new("3", 1)], others.Positions);
    }

    [Fact]
    public void An_answer_to_a_mark_reaches_the_outbox_without_a_message_to_the_actor()
    {
        using var session = new ClientSession(() => { });
        session.Begin(ActorRefs.Nobody, outbox);
        outbox.AnswerMarks();
        place.Show(new(View(1, [])));
        Assert.Equal(2, Flush());
        session.Tell(new ClientCommands.Rendered(1, null));
        place.Show(new(View(2, [])));
        Assert.Equal(1, Flush());
    }

    private ResumeFrom HeldBehind(KeyView view)
    {
        place.Show(new(view));
        Assert.Equal(1, Flush());
        return place.Held!;
    }

    private int Flush()
    {
        frames.Clear();
        outbox.Flush(0, frames);
        return frames.Count;
    }

    // Each in a ring of its own, so that each is a snapshot.
    private static KeyView View(long version, KeyValuePair<string, long>[] positions) => new(
        Name,
        new ViewVersion(
            Name, "t.1", version, ViewNode.Parse(Encoding.UTF8.GetBytes($"{{\"n\":{version}}}")), 0, positions, new()),
        FreshnessStatus.Live, null);
}
