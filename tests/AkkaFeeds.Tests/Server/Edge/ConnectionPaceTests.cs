using AkkaFeeds.Server.Edge.Streams;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

/// <summary>A crowd is looked at as fast as is said, in the order in which it came.</summary>
public sealed class ConnectionPaceTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public async Task A_tenth_of_a_second_is_looked_at_at_once_and_the_rest_in_order()
    {
        using var pace = new ConnectionPace(clock, 200);
        var looked = new List<string>();
        var door = pace.Middleware(connection =>
        {
            lock (looked)
            {
                looked.Add(connection.ConnectionId);
            }

            return Task.CompletedTask;
        });
        var crowd = Enumerable.Range(0, 60).Select(index => $"{index}").ToList();
        var turns = crowd.ConvertAll(id => door(new DefaultConnectionContext(id)));
        Assert.Equal(crowd[..20], looked);

        clock.Advance(TimeSpan.FromMilliseconds(100));
        await Task.WhenAll(turns[..40]);
        Assert.False(turns[41].IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(100));
        await Task.WhenAll(turns);
        Assert.Equal(crowd.Order(), looked.Order());

        // Nobody waits any more, and what was left over did not grow beyond a tenth of a second.
        clock.Advance(TimeSpan.FromMinutes(1));
        var next = crowd.ConvertAll(id => door(new DefaultConnectionContext(id)));
        Assert.Equal(20, next.Count(turn => turn.IsCompleted));
    }

    [Fact]
    public async Task Who_comes_while_others_wait_stands_behind_them()
    {
        using var pace = new ConnectionPace(clock, 10);
        var door = pace.Middleware(_ => Task.CompletedTask);
        Assert.True(door(new DefaultConnectionContext("first")).IsCompleted);
        var second = door(new DefaultConnectionContext("second"));
        var third = door(new DefaultConnectionContext("third"));
        clock.Advance(TimeSpan.FromMilliseconds(100));
        await second;
        Assert.False(third.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(100));
        await third;
    }
}
