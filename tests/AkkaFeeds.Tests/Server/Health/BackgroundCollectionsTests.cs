using AkkaFeeds.Server.Health;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AkkaFeeds.Tests.Server.Health;

/// <summary>The runtime is never 20 s without a background collection, and has few more than that takes.</summary>
public sealed class BackgroundCollectionsTests
{
    private static readonly TimeSpan ThreadEnds = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider clock = new();
    private readonly List<DateTimeOffset> begun = [];
    private long newest;

    [Fact]
    public async Task One_begins_at_the_start_and_then_before_the_thread_would_end()
    {
        using var collections = await StartAsync();
        Run(TimeSpan.FromMinutes(1));
        Assert.Equal(4, begun.Count);
        Assert.All(begun.Zip(begun.Skip(1), (one, next) => next - one), pause => Assert.True(pause < ThreadEnds));
    }

    [Fact]
    public async Task None_is_begun_while_the_runtime_has_its_own()
    {
        using var collections = await StartAsync();
        for (var time = 0; time < 10; time++)
        {
            Run(TimeSpan.FromSeconds(15));
            newest++;
        }

        Assert.Single(begun);
        Run(ThreadEnds);
        Assert.Equal(2, begun.Count);
    }

    [Fact]
    public async Task None_is_begun_when_the_process_has_stopped()
    {
        using var collections = await StartAsync();
        await collections.StopAsync(CancellationToken.None);
        Run(TimeSpan.FromMinutes(1));
        Assert.Single(begun);
    }

    private async Task<BackgroundCollections> StartAsync()
    {
        var collections = new BackgroundCollections(clock, () => newest, Begin);
        await collections.StartAsync(CancellationToken.None);
        return collections;
    }

    private void Begin()
    {
        begun.Add(clock.GetUtcNow());
        newest++;
    }

    private void Run(TimeSpan time)
    {
        for (var second = 0; second < time.TotalSeconds; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
