using AkkaFeeds.Server.Edge.Streams;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

/// <summary>A crowd is let in as fast as the node begins streams, and told when to come back.</summary>
public sealed class ConnectionAdmissionTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public async Task A_fifth_of_a_second_comes_in_at_once_and_the_next_ones_in_their_turn()
    {
        var admission = new ConnectionAdmission(clock, 100);
        var asked = Enumerable.Range(0, 25).Select(_ => admission.EnterAsync(CancellationToken.None).AsTask())
            .ToList();
        Assert.Equal(20, asked.Count(task => task.IsCompletedSuccessfully));
        clock.Advance(TimeSpan.FromMilliseconds(31));
        Assert.Equal(0, await asked[22]);
        Assert.False(asked[24].IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal(0, await asked[24]);
    }

    [Fact]
    public async Task Who_would_wait_for_too_long_is_told_at_once_when_to_come_back()
    {
        var admission = new ConnectionAdmission(clock, 100);
        var asked = Enumerable.Range(0, 1_000).Select(_ => admission.EnterAsync(CancellationToken.None).AsTask())
            .ToList();
        var told = asked.Where(task => task.IsCompletedSuccessfully && task.Result > 0).ToList();
        Assert.Equal(730, told.Count);
        clock.Advance(TimeSpan.FromSeconds(2.5));
        Assert.All(await Task.WhenAll(asked.Except(told)), answer => Assert.Equal(0, answer));
        clock.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal(0, await admission.EnterAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Who_has_waited_at_the_door_waits_less_here_or_is_told_at_once()
    {
        var admission = new ConnectionAdmission(clock, 100);
        Assert.False(admission.HasLine());
        var asked = Enumerable.Range(0, 220).Select(_ => admission.EnterAsync(CancellationToken.None).AsTask())
            .ToList();
        Assert.True(admission.HasLine());
        var door = TimeSpan.FromSeconds(1.9);
        asked.Add(admission.EnterAsync(CancellationToken.None, door).AsTask());
        Assert.InRange(await admission.EnterAsync(CancellationToken.None, door + TimeSpan.FromSeconds(0.2)), 500, 600);
        clock.Advance(TimeSpan.FromSeconds(2.1));
        Assert.All(await Task.WhenAll(asked), answer => Assert.Equal(0, answer));
        Assert.False(admission.HasLine());
    }

    [Fact]
    public async Task Who_goes_waits_no_more()
    {
        var admission = new ConnectionAdmission(clock, 1);
        Assert.Equal(0, await admission.EnterAsync(CancellationToken.None));
        using var gone = new CancellationTokenSource();
        var waiting = admission.EnterAsync(gone.Token).AsTask();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void Those_that_were_cut_at_once_do_not_come_back_at_once()
    {
        const int Crowd = 5_000;
        var admission = new ConnectionAdmission(clock, 500);
        var waiting = new PriorityQueue<int, long>();
        for (var client = 0; client < Crowd; client++)
        {
            waiting.Enqueue(client, 0);
        }

        // Each comes back when it was told to; nobody is turned away more than a few times.
        var (now, tries) = (0L, 0);
        while (waiting.TryDequeue(out var client, out var at))
        {
            clock.Advance(TimeSpan.FromMilliseconds(at - now));
            (now, tries) = (at, tries + 1);
            var entering = admission.EnterAsync(CancellationToken.None);
            if (entering is { IsCompletedSuccessfully: true, Result: var retryAfter and > 0 })
            {
                waiting.Enqueue(client, now + retryAfter);
            }
        }

        Assert.InRange(now, 5_000, 10_000);
        Assert.InRange(tries, Crowd, 2 * Crowd);
    }
}
