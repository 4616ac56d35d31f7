using AkkaFeeds.Clients;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AkkaFeeds.Tests.Clients;

/// <summary>What is done with each of many once a second is done with few of them in one instant.</summary>
public sealed class SpreadSecondsTests
{
    private const int Many = 1_000;

    private readonly FakeTimeProvider clock = new();
    private readonly List<int> done = [];

    [Fact]
    public void Each_has_its_turn_once_a_second_and_a_twentieth_of_them_at_once()
    {
        using var seconds = Started();
        for (var turn = 1; turn <= SpreadSeconds<int>.Turns; turn++)
        {
            clock.Advance(TimeSpan.FromSeconds(1) / SpreadSeconds<int>.Turns);
            Assert.Equal(turn * Many / SpreadSeconds<int>.Turns, done.Count);
        }

        Assert.Equal(Enumerable.Range(0, Many), done.Order());
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2 * Many, done.Count);
    }

    [Fact]
    public void Who_is_taken_away_has_no_turn_any_more()
    {
        using var seconds = Started();
        Assert.True(seconds.Remove(7));
        Assert.False(seconds.Remove(7));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Many - 1, done.Count);
        Assert.DoesNotContain(7, done);
    }

    private SpreadSeconds<int> Started()
    {
        var seconds = new SpreadSeconds<int>(clock, done.Add);
        foreach (var item in Enumerable.Range(0, Many))
        {
            Assert.True(seconds.Add(item));
        }

        seconds.Start();
        return seconds;
    }
}
