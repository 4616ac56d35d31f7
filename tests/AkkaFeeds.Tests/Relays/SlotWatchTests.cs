using AkkaFeeds.Contracts;
using AkkaFeeds.Relays;
using Xunit;

namespace AkkaFeeds.Tests.Relays;

/// <summary>A node that watches very many keys asks for them in messages that a remote frame can hold.</summary>
public sealed class SlotWatchTests
{
    private static readonly SlotId Slot = new("flights", 1, 3);

    [Fact]
    public void Very_many_keys_are_asked_for_in_parts_of_which_the_first_drops_what_is_not_wanted()
    {
        var sent = new List<ISlotMessage>();
        var watch = new SlotWatch(Slot, "node", sent.Add);
        var keys = Enumerable.Range(0, 2_500).Select(index => new KeyName("", $"K{index}")).ToList();
        keys.ForEach(key => watch.Watch(key, TimeSpan.Zero));
        sent.Clear();

        // A slot that nobody has heard of is asked for all, and one that has recovered as well.
        watch.Tick(TimeSpan.FromSeconds(5));
        var asked = sent.Cast<WatchMessages.Watch>().ToList();
        Assert.Equal([1_000, 1_000, 500], asked.Select(part => part.Keys.Count));
        Assert.Equal([true, false, false], asked.Select(part => part.All));
        Assert.Equal(keys, asked.SelectMany(part => part.Keys));
    }

    [Fact]
    public void A_report_between_the_parts_does_not_make_it_ask_for_all_again()
    {
        var sent = new List<ISlotMessage>();
        var watch = new SlotWatch(Slot, "node", sent.Add);
        for (var index = 0; index < 2_500; index++)
        {
            watch.Watch(new KeyName("", $"K{index}"), TimeSpan.Zero);
        }

        watch.Tick(TimeSpan.FromSeconds(5));
        sent.Clear();
        watch.On(Report(watched: 1_000), TimeSpan.FromSeconds(5.1));
        Assert.IsType<WatchMessages.Renew>(Assert.Single(sent));
        sent.Clear();
        watch.On(Report(watched: 1_000), TimeSpan.FromSeconds(6.5));
        Assert.Equal(3, sent.Count);
    }

    [Fact]
    public void Two_reports_in_quick_succession_leave_what_the_first_counts_the_time_to_arrive()
    {
        var (watch, sent) = Watching();
        watch.On(Report(1, sent: 3), TimeSpan.FromSeconds(1));
        watch.On(Report(1, sent: 5), TimeSpan.FromSeconds(1.01));
        Assert.All(sent, message => Assert.IsType<WatchMessages.Renew>(message));
        for (var number = 1; number <= 5; number++)
        {
            watch.On(Changed(number), TimeSpan.FromSeconds(1.02));
        }

        watch.On(Report(1, sent: 5), TimeSpan.FromSeconds(2.01));
        Assert.All(sent, message => Assert.IsType<WatchMessages.Renew>(message));
        Assert.True(watch.IsComplete);
    }

    [Fact]
    public void What_is_lost_is_found_however_quick_the_reports_come()
    {
        var (watch, sent) = Watching();
        for (var report = 0; report < 4; report++)
        {
            watch.On(Report(1, sent: 1), TimeSpan.FromSeconds(1 + (report * 0.25)));
        }

        Assert.True(Assert.Single(sent.OfType<WatchMessages.Watch>()).All);
    }

    private static (SlotWatch Watch, List<ISlotMessage> Sent) Watching()
    {
        var sent = new List<ISlotMessage>();
        var watch = new SlotWatch(Slot, "node", sent.Add);
        watch.Watch(new KeyName("", "K"), TimeSpan.Zero);
        sent.Clear();
        return (watch, sent);
    }

    private static WatchMessages.KeyChanged Changed(long number) => new(
        Slot, 7, number, new KeyName("", "K"), number - 1, number, Whole: true, "{}"u8.ToArray(), [], 0, [], 0);

    private static WatchMessages.SlotReport Report(int watched, long sent = 0) =>
        new(Slot, 7, "e.1.7", sent, watched, false, 1, 0, [], []);
}
