using AkkaFeeds.Server.Demo;
using CsCheck;
using Xunit;

namespace AkkaFeeds.Tests.Server.Demo;

public sealed class ReplayPaceTests
{
    [Fact]
    public void The_rate_is_exact_over_any_time_however_the_time_is_cut() =>
        Gen.Select(Gen.Int[1, 50_000], Gen.Int[0, 20_000], Gen.Int[1, 999_999].List[1, 200]).Sample(
            (rate, backlog, steps) =>
            {
                var pace = new ReplayPace(rate, backlog);
                var elapsed = TimeSpan.Zero;
                foreach (var microseconds in steps)
                {
                    elapsed += TimeSpan.FromMicroseconds(microseconds);
                    TakeAll(pace, elapsed);
                }

                Assert.Equal(backlog + (long)((decimal)elapsed.Ticks * rate / TimeSpan.TicksPerSecond), pace.Taken);
            },
            iter: 300);

    [Fact]
    public void A_year_at_the_highest_rate_is_counted_to_the_record()
    {
        var pace = new ReplayPace(50_000, 0);
        var year = TimeSpan.FromDays(365);

        for (var elapsed = TimeSpan.Zero; elapsed <= year; elapsed += TimeSpan.FromDays(1))
        {
            pace.Due(elapsed);
        }

        // Nothing was taken, so all but the last two seconds (both ends counted) is given up.
        Assert.Equal(100_001, pace.Due(year));
    }

    [Fact]
    public void What_was_missed_in_a_pause_is_given_up_but_for_two_seconds()
    {
        var pace = new ReplayPace(100, 0);
        TakeAll(pace, TimeSpan.FromSeconds(1));

        Assert.InRange(pace.Due(TimeSpan.FromMinutes(10)), 199, 201);
        TakeAll(pace, TimeSpan.FromMinutes(10));
        Assert.Equal(100, pace.Due(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void The_backlog_is_due_at_once_as_old_as_if_the_replay_had_run_before()
    {
        var pace = new ReplayPace(200, 20_000);

        Assert.Equal(20_000, pace.Due(TimeSpan.Zero));
        Assert.Equal(TimeSpan.FromMilliseconds(99_995), pace.Age(TimeSpan.Zero));
        TakeAll(pace, TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, pace.Age(TimeSpan.FromMilliseconds(5)));
        Assert.Equal(TimeSpan.FromMilliseconds(15), pace.Age(TimeSpan.FromMilliseconds(20)));
    }

    [Fact]
    public void A_backlog_that_the_broker_takes_slowly_is_not_given_up()
    {
        var pace = new ReplayPace(1, 20_000);

        Assert.Equal(20_060, pace.Due(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void Event_times_never_go_back_and_never_lie_ahead() =>
        Gen.Select(Gen.Int[1, 50_000], Gen.Int[0, 500], Gen.Int[1, 5_000].List[1, 60]).Sample(
            (rate, backlog, steps) =>
            {
                var pace = new ReplayPace(rate, backlog);
                var elapsed = TimeSpan.Zero;
                var newest = TimeSpan.MinValue;
                foreach (var milliseconds in steps)
                {
                    elapsed += TimeSpan.FromMilliseconds(milliseconds);
                    for (var due = Math.Min(1_000, pace.Due(elapsed)); due > 0; due--)
                    {
                        var date = elapsed - pace.Age(elapsed);
                        Assert.InRange(date, newest, elapsed);
                        newest = date;
                        pace.Take();
                    }
                }
            },
            iter: 200);

    private static void TakeAll(ReplayPace pace, TimeSpan elapsed)
    {
        for (var due = pace.Due(elapsed); due > 0; due--)
        {
            pace.Take();
        }
    }
}
