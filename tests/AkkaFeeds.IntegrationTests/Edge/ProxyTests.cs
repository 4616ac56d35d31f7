using System.Diagnostics;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>Event streams through a real nginx with default settings (row X-18).</summary>
public sealed class ProxyTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const int Changes = 40;
    private static readonly TimeSpan LaterMax = TimeSpan.FromMilliseconds(100);

    [SkippableFact]
    public async Task Nginx_passes_events_on_at_once_and_a_resume_with_them()
    {
        Skip.IfNot(NginxServer.IsInstalled, "nginx is not installed: apt-get install nginx-light");
        await using var edge = await EdgeServer.StartAsync();
        await using var nginx = await NginxServer.StartAsync(edge.Http);
        using var direct = await EventStream.OpenAsync(edge.Http, "sub=small:K001");
        using var behind = await EventStream.OpenAsync(nginx.Http, "sub=small:K001");
        await direct.UntilAsync(each => each.Name == "progress");
        var held = (await behind.UntilAsync(each => each.Name == "progress"))[^1].Id!;
        var later = new List<TimeSpan>();
        for (var change = 0; change < Changes; change++)
        {
            edge.Produce("K001");
            var (here, there) = (ChangeAsync(direct), ChangeAsync(behind));
            await Task.WhenAll(here, there);
            later.Add(await there - await here);
        }

        later.Sort();
        output.WriteLine($"nginx adds {later[Changes / 2].TotalMilliseconds:F1} ms (median), at most {later[^1]}");
        Assert.InRange(later[^1], TimeSpan.FromMilliseconds(-100), LaterMax);
        using var again = await EventStream.OpenAsync(nginx.Http, "sub=small:K001", held);
        await again.UntilAsync(each => each.Name == "resumed");
        await again.UntilAsync(each => each.Name == "delta");
        await edge.NothingIsLeftAsync([direct, behind, again]);
    }

    // Both clocks began at different instants: the time is that of all.
    private static async Task<TimeSpan> ChangeAsync(EventStream stream)
    {
        await stream.UntilAsync(each => each.Name == "delta");
        return Stopwatch.GetElapsedTime(0);
    }
}
