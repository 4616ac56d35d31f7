using AkkaFeeds.Server.Edge.Streams;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

/// <summary>A crowd is looked at as fast as is said, in the order in which it came.</summary>
public sealed class ConnectionPaceTests
{
    private readonly FakeTimeProvider clock = new();
    private readonly List<string> looked = [];
    private readonly List<TimeSpan> waited = [];
    private bool isCrowded = true;

    [Fact]
    public async Task A_tenth_of_a_second_is_looked_at_at_once_and_the_rest_in_turn()
    {
        using var pace = new ConnectionPace(clock, 200, () => isCrowded);
        var turns = Come(pace, 60);
        Assert.Equal(Names(20), looked);

        clock.Advance(TimeSpan.FromMilliseconds(100));
        await Task.WhenAll(turns[..40]);
        Assert.False(turns[41].IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(100));
        await Task.WhenAll(turns);
        Assert.Equal(Names(60).Order(), looked.Order());
        Assert.Equal(TimeSpan.FromMilliseconds(200), waited.Max());

        // Nobody waits any more, and what was left over did not grow beyond a tenth of a second.
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(20, Come(pace, 60).Count(turn => turn.IsCompleted));
    }

    [Fact]
    public async Task Who_comes_while_others_wait_stands_behind_them_though_the_crowd_is_over()
    {
        using var pace = new ConnectionPace(clock, 10, () => isCrowded);
        var turns = Come(pace, 2);
        isCrowded = false;
        turns.AddRange(Come(pace, 1));
        clock.Advance(TimeSpan.FromMilliseconds(100));
        await turns[1];
        Assert.False(turns[2].IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(100));
        await turns[2];
    }

    [Fact]
    public void Without_a_crowd_nobody_waits()
    {
        isCrowded = false;
        using var pace = new ConnectionPace(clock, 10, () => isCrowded);
        Assert.All(Come(pace, 1_000), turn => Assert.True(turn.IsCompletedSuccessfully));
        Assert.Empty(waited);
    }

    [Fact]
    public async Task Nobody_waits_for_longer_than_a_client_is_patient()
    {
        using var pace = new ConnectionPace(clock, 10, () => isCrowded);
        var turns = Come(pace, 1_000);
        clock.Advance(ConnectionPace.WaitMax);
        await Task.WhenAll(turns);
        Assert.Equal(ConnectionPace.WaitMax, waited.Max());
    }

    [Fact]
    public void What_a_connection_has_waited_counts_once()
    {
        var time = new ConnectionPace.Waited(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(2), time.Take());
        Assert.Equal(TimeSpan.Zero, time.Take());
    }

    private static IEnumerable<string> Names(int count) => Enumerable.Range(0, count).Select(index => $"{index}");

    private List<Task> Come(ConnectionPace pace, int count)
    {
        var door = pace.Middleware(Look);
        return [.. Names(count).Select(name => door(new DefaultConnectionContext(name)))];
    }

    private Task Look(ConnectionContext connection)
    {
        lock (looked)
        {
            looked.Add(connection.ConnectionId);
            if (connection.Features.Get<ConnectionPace.Waited>() is { } time)
            {
                waited.Add(time.Take());
            }
        }

        return Task.CompletedTask;
    }
}
