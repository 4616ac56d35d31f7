using AkkaFeeds.Server.Edge.WebSockets;
using AkkaFeeds.Tests.Clients;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

/// <summary>How many frames a connection may send, by a clock that is moved.</summary>
public sealed class CommandRateTests
{
    private readonly ManualClock clock = new();

    [Theory]
    [InlineData(100, 128, 400)]
    [InlineData(10, 128, 256)]
    [InlineData(1, 1, 4)]
    public void So_many_may_come_at_once(int perSecond, int subscriptions, int burst)
    {
        var rate = new CommandRate(clock, perSecond, subscriptions);
        Assert.Equal(burst, Taken(rate, burst + 50));
    }

    [Fact]
    public void In_the_long_run_it_is_as_many_a_second_as_allowed()
    {
        var rate = new CommandRate(clock, 100, 1);
        Taken(rate, 400);
        var taken = 0;
        for (var second = 0; second < 20; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            taken += Taken(rate, 150);
        }

        Assert.Equal(20 * 100, taken);
    }

    [Fact]
    public void It_is_told_once_a_second_and_who_goes_on_is_closed()
    {
        var rate = new CommandRate(clock, 10, 1);
        Taken(rate, 40);
        Assert.Equal(CommandRate.Verdict.Refuse, rate.Take());
        Assert.Equal(CommandRate.Verdict.Drop, rate.Take());
        clock.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal(CommandRate.Verdict.Drop, rate.Take());
        for (var dropped = 3; dropped < 200; dropped++)
        {
            Assert.Equal(CommandRate.Verdict.Drop, rate.Take());
        }

        Assert.Equal(CommandRate.Verdict.Close, rate.Take());
    }

    [Fact]
    public void A_flood_is_closed_though_frames_of_it_are_taken_now_and_then()
    {
        var rate = new CommandRate(clock, 100, 1);
        var verdicts = new List<CommandRate.Verdict>();
        for (var milliseconds = 0; milliseconds < 1_000; milliseconds++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(1));
            verdicts.AddRange(Enumerable.Range(0, 10).Select(_ => rate.Take()));
        }

        Assert.True(verdicts.Count(verdict => verdict == CommandRate.Verdict.Take) > 400);
        Assert.InRange(verdicts.IndexOf(CommandRate.Verdict.Close), 2_400, 4_000);
    }

    [Fact]
    public void Who_stops_in_time_is_taken_again()
    {
        var rate = new CommandRate(clock, 10, 1);
        Taken(rate, 100);
        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(40, Taken(rate, 41));
        Assert.Equal(CommandRate.Verdict.Drop, rate.Take());
    }

    [Fact]
    public void A_message_in_pieces_costs_as_many_frames_as_it_has()
    {
        var rate = new CommandRate(clock, 10, 1);
        Assert.True(rate.TryPass(39));
        Assert.Equal(CommandRate.Verdict.Take, rate.Take());
        Assert.Equal(CommandRate.Verdict.Refuse, rate.Take());
        clock.Advance(TimeSpan.FromSeconds(60));

        // One piece too many: the whole message is refused, and no other.
        Assert.True(rate.TryPass(39 + 41));
        clock.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal(CommandRate.Verdict.Refuse, rate.Take());
        Assert.Equal(CommandRate.Verdict.Take, rate.Take());
    }

    [Fact]
    public void Pieces_of_a_message_that_never_ends_close_the_connection()
    {
        var rate = new CommandRate(clock, 10, 1);
        Assert.True(rate.TryPass(40 + 200));
        Assert.False(rate.TryPass(40 + 201));
        Assert.Equal(CommandRate.Verdict.Close, rate.Take());
    }

    private static int Taken(CommandRate rate, int count) =>
        Enumerable.Range(0, count).Count(_ => rate.Take() == CommandRate.Verdict.Take);
}
