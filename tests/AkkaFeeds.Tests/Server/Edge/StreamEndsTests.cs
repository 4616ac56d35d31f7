using System.Net;
using AkkaFeeds.Server.Edge;
using AkkaFeeds.Server.Edge.Streams;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

/// <summary>A crowd that ends in one instant is cleared away as fast as is said, and holds up no stop.</summary>
public sealed class StreamEndsTests : IDisposable
{
    private readonly FakeTimeProvider clock = new();
    private readonly ApplicationLifetime lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly StreamEnds ends;

    public StreamEndsTests() => ends = new StreamEnds(clock, 200, new EdgeGate(lifetime));

    public void Dispose() => ends.Dispose();

    [Fact]
    public async Task A_tenth_of_a_second_ends_at_once_and_the_rest_in_turn()
    {
        var turns = End(60);
        Assert.Equal(20, turns.Count(turn => turn.IsCompleted));
        clock.Advance(TimeSpan.FromMilliseconds(100));
        await Task.WhenAll(turns[..40]);
        Assert.All(turns[41..], turn => Assert.False(turn.IsCompleted));
        clock.Advance(TimeSpan.FromMilliseconds(100));
        await Task.WhenAll(turns);
    }

    [Fact]
    public async Task Nobody_waits_for_longer_than_ten_seconds()
    {
        var turns = End(10_000);
        clock.Advance(TimeSpan.FromSeconds(10));
        await Task.WhenAll(turns);
    }

    [Fact]
    public async Task A_process_that_stops_waits_for_nobody()
    {
        var turns = End(1_000);
        lifetime.StopApplication();
        await Task.WhenAll(turns);
        Assert.All(End(1_000), turn => Assert.True(turn.IsCompletedSuccessfully));
    }

    [Fact]
    public void Who_waits_to_be_cleared_away_is_in_nobodys_way()
    {
        var addresses = new AddressLimit(1);
        var guard = new StreamGuard(
            new AllowedOrigins([]), new ConnectionAdmission(clock, 200), addresses,
            new DeadPeers(clock, TimeSpan.FromSeconds(10)), ends);
        End(20);
        var ended = guard.LeaveAsync(addresses.TryEnter(IPAddress.Loopback)!);
        Assert.False(ended.IsCompleted);
        Assert.NotNull(addresses.TryEnter(IPAddress.Loopback));
    }

    private List<Task> End(int count) => [.. Enumerable.Range(0, count).Select(_ => ends.WaitAsync())];
}
