using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Conformance;

/// <summary>
/// One set of scenarios over every way to watch a feed: same final view, same versions, same states. The plain form
/// shows views and nothing else, and is held to those.
/// </summary>
public sealed partial class ConformanceTests(ConformanceServer server, Xunit.Abstractions.ITestOutputHelper output)
    : IClassFixture<ConformanceServer>
{
    public static TheoryData<string> All => [.. Transports.All];

    public static TheoryData<string> Resuming => [.. Transports.Resuming];

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_first_frame_is_the_key_as_it_is(string transport)
    {
        await using var viewer = Open(transport, ConformanceServer.KeyOf(0), ConformanceServer.KeyOf(1));
        foreach (var key in (string[])[ConformanceServer.KeyOf(0), ConformanceServer.KeyOf(1)])
        {
            await ShowsAsync(viewer, key, await server.RestAsync(key));
            Assert.Equal("live", Assert.Single(viewer.HistoryOf(key)).State);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Changes_come_in_order_and_end_at_the_same_version(string transport)
    {
        var key = $"delta-{transport}";
        await using var viewer = await OpenMadeAsync(transport, key);
        for (var value = 1; value < 50; value++)
        {
            server.Produce(key, value);
            if (value % 10 == 0)
            {
                server.Flush();
                await viewer.UntilAsync(key, shown => ConformanceServer.CountOf(shown) > value, $"beyond {value}");
            }
        }

        server.Flush();
        await ShowsAsync(viewer, key, await server.RestAsync(key, 50));
        NeverBack(viewer, key);
        Assert.InRange(viewer.HistoryOf(key).Count, 5, 50);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task What_changed_while_nobody_was_connected_is_shown_after(string transport)
    {
        var key = $"cut-{transport}";
        await using var viewer = await OpenMadeAsync(transport, key);
        await viewer.CutAsync();
        server.Produce(key, 1);
        server.Produce(key, 2);
        server.Flush();
        var expected = await server.RestAsync(key, 3);
        viewer.Go();
        await ShowsAsync(viewer, key, expected);
        NeverBack(viewer, key);
        Assert.Equal(2, viewer.Connections);
    }

    [Theory]
    [MemberData(nameof(Resuming))]
    public async Task Who_comes_back_is_resumed_and_not_begun_again(string transport)
    {
        string[] keys = [$"resume-a-{transport}", $"resume-b-{transport}"];
        Array.ForEach(keys, key => server.Produce(key, 0));
        server.Flush();
        await using var viewer = Open(transport, keys);
        await ShowsAsync(viewer, keys[0], await server.RestAsync(keys[0], 1));
        await ShowsAsync(viewer, keys[1], await server.RestAsync(keys[1], 1));

        // What the client holds rides on the progress of each second.
        server.Produce(keys[0], 1);
        server.Flush();
        await ShowsAsync(viewer, keys[0], await server.RestAsync(keys[0], 2));
        var before = viewer.Progresses;
        await UntilAsync(viewer, () => viewer.Progresses > before, "progress");
        await viewer.CutAsync();
        server.Produce(keys[1], 2);
        server.Flush();
        var expected = await server.RestAsync(keys[1], 2);
        viewer.Go();
        await ShowsAsync(viewer, keys[1], expected);
        await UntilAsync(viewer, () => viewer.Resumed == 2, "both resumed");
        Array.ForEach(keys, key => NeverBack(viewer, key));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_key_that_no_record_has_made_is_blank_until_one_does(string transport)
    {
        var key = $"blank-{transport}";
        await using var viewer = Open(transport, key);
        var blank = await viewer.UntilAsync(key, shown => shown.State == "blank", "blank");
        Assert.Equal((0, "null"), (blank.Version, blank.Data));
        server.Produce(key, 4);
        server.Flush();
        var live = await viewer.UntilAsync(key, shown => shown.State == "live", "live");
        Assert.Equal(1, live.Version);
        Assert.Equal(live, await server.RestAsync(key, 1));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_record_that_was_refused_makes_its_key_partial_and_no_other(string transport)
    {
        var (key, other) = ($"poison-{transport}", $"sound-{transport}");
        server.Produce(other, 1);
        await using var viewer = await OpenMadeAsync(transport, key, other);
        server.Poison(key);
        server.Flush();
        var partial = await viewer.UntilAsync(key, shown => shown.State == "partial", "partial");
        Assert.Equal("quarantined", partial.Reason);
        Assert.Equal((1, 1), (partial.Version, ConformanceServer.CountOf(partial)));
        server.Produce(other, 2);
        server.Flush();
        var sound = await viewer.UntilAsync(other, shown => ConformanceServer.CountOf(shown) == 2, "2 records");
        Assert.Equal("live", sound.State);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Who_reads_slowly_is_shown_the_newest_and_not_all_that_was(string transport)
    {
        const int Records = 3_000;
        var key = $"slow-{transport}";
        await using var viewer = await OpenMadeAsync(transport, key);
        viewer.Hold();
        for (var value = 1; value < Records; value++)
        {
            server.Produce(key, value);
        }

        server.Flush();
        var expected = await server.RestAsync(key, Records);
        viewer.Go();
        await ShowsAsync(viewer, key, expected);
        NeverBack(viewer, key);
        Assert.InRange(viewer.HistoryOf(key).Count, 1, Records / 2);
        Assert.Equal(1, viewer.Connections);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_key_of_another_tenant_that_is_called_alike_is_not_shown(string transport)
    {
        var key = $"tenant-{transport}";
        server.Produce("", key, 1);
        server.Produce("other", key, 100);
        server.Produce("other", key, 101);
        server.Flush();
        await using var viewer = Transports.Open(
            transport, server, new Watched(ConformanceServer.Tenants, [key, "other"]));
        await viewer.UntilAsync(key, shown => ConformanceServer.CountOf(shown) == 1, "its own record");
        server.Produce("other", key, 102);
        server.Produce("", key, 2);
        server.Flush();
        await viewer.UntilAsync(key, shown => ConformanceServer.CountOf(shown) == 2, "its own records");
        Assert.All(viewer.HistoryOf(key), shown => Assert.DoesNotContain("10", shown.Data, StringComparison.Ordinal));
        Assert.Equal("blank", (await viewer.UntilAsync("other", _ => true, "shown")).State);
    }

    [Fact]
    public async Task The_plain_form_ends_at_the_view_that_all_others_show()
    {
        const string Key = "plain";
        server.Produce(Key, 0);
        server.Flush();
        await using var viewer = new PlainViewer(server.Http, new Watched(ConformanceServer.Feed, [Key])).Start();
        await EndsAtAsync(1);
        for (var value = 1; value < 50; value++)
        {
            server.Produce(Key, value);
        }

        server.Flush();
        await EndsAtAsync(50);
        await viewer.CutAsync();
        server.Produce(Key, 50);
        server.Flush();
        await server.RestAsync(Key, 51);
        viewer.Go();
        await EndsAtAsync(51);
        Assert.Null(viewer.Wrong);
        Assert.Equal(2, viewer.Connections);
        var counts = viewer.HistoryOf(Key).Select(ConformanceServer.CountOf).ToList();
        Assert.Equal(counts.Order(), counts);

        async Task EndsAtAsync(int records)
        {
            var expected = await server.RestAsync(Key, records);
            await viewer.UntilAsync(Key, shown => shown.Data == expected.Data, $"as {expected.Data}");
        }
    }

    [Fact]
    public async Task A_source_that_stops_is_told_on_every_transport_and_so_is_its_return()
    {
        // 1.5 s without an answer of Kafka is the product's own patience; the rest is for a busy machine.
        var bound = TimeSpan.FromSeconds(5);
        const string key = "stopped";
        server.Produce(key, 1);
        server.Flush();
        var first = await server.RestAsync(
            key, shown => shown.State == "live" && ConformanceServer.CountOf(shown) == 1);
        var viewers = Transports.All.Select(transport => Open(transport, key)).ToList();
        foreach (var viewer in viewers)
        {
            await ShowsAsync(viewer, key, first);
        }

        var watch = System.Diagnostics.Stopwatch.StartNew();
        server.StopSource();
        try
        {
            foreach (var viewer in viewers)
            {
                var stale = await viewer.UntilAsync(key, shown => shown.State != "live", "not live");
                Assert.Equal(first with { State = "stale", Reason = "source-unreachable" }, stale);
            }

            output.WriteLine($"all are stale after {watch.Elapsed.TotalSeconds:F1} s");
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, bound);
            Assert.Equal("stale", (await server.RestAsync(key)).State);
        }
        finally
        {
            server.StartSource();
        }

        // A member that Kafka took for lost in the meantime, on a busy machine, waits for its own former session.
        watch.Restart();
        foreach (var viewer in viewers)
        {
            await ShowsAsync(viewer, key, first, TimeSpan.FromSeconds(60));
        }

        output.WriteLine($"all are live after {watch.Elapsed.TotalSeconds:F1} s");
        server.Produce(key, 2);
        server.Flush();
        var last = await server.RestAsync(key, 2);
        foreach (var viewer in viewers)
        {
            await ShowsAsync(viewer, key, last);
            NeverBack(viewer, key);
            Assert.Equal(1, viewer.Connections);
            Assert.Equal(
                ["live", "stale", "live"], viewer.HistoryOf(key).Select(shown => shown.State).Aggregate(
                    new List<string>(), (states, state) => states is [.., var before] && before == state
                        ? states : [.. states, state]));
            await viewer.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_kill_is_survived_on_every_transport_at_once()
    {
        var key = "killed";
        var viewers = new List<Viewer>();
        foreach (var transport in Transports.All)
        {
            server.Produce($"{key}-{transport}", 1);
            viewers.Add(Open(transport, key, $"{key}-{transport}"));
        }

        server.Produce(key, 1);
        server.Flush();
        foreach (var viewer in viewers)
        {
            await viewer.UntilAsync(key, shown => ConformanceServer.CountOf(shown) == 1, "its first record");
            var told = viewer.Progresses;
            await UntilAsync(viewer, () => viewer.Progresses > told || !viewer.Resumes, "told what it holds");
        }

        var before = await server.RestAsync(key);
        await server.KillAndStartAsync(() =>
        {
            server.Produce(key, 2);
            server.Flush();
        });
        var expected = await server.RestAsync(
            key, shown => shown.State == "live" && ConformanceServer.CountOf(shown) == 2);
        Assert.NotEqual(before.Epoch, expected.Epoch);
        foreach (var viewer in viewers)
        {
            await ShowsAsync(viewer, key, expected);

            // Who cannot say what he holds is shown what has been folded again, and that it is rebuilding.
            var counts = viewer.HistoryOf(key).Where(shown => viewer.Resumes || shown.State != "rebuilding")
                .Select(ConformanceServer.CountOf).ToList();
            Assert.Equal(counts.Order(), counts);
            await viewer.DisposeAsync();
        }
    }

    private static Task UntilAsync(Viewer viewer, Func<bool> condition, string what) => Waiting.ForAsync(
        () => Task.FromResult(condition() ? viewer : null), what, TimeSpan.FromSeconds(10),
        TimeSpan.FromMilliseconds(10), () => viewer.Wrong ?? "");

    private async Task ShowsAsync(Viewer viewer, string key, Shown expected, TimeSpan? limit = null)
    {
        try
        {
            await viewer.UntilAsync(key, shown => shown == expected, $"as {expected}", limit);
        }
        catch (TimeoutException)
        {
            output.WriteLine(server.Server.Process.Tail);
            throw;
        }
    }

    private static void NeverBack(Viewer viewer, string key)
    {
        var history = viewer.HistoryOf(key);
        Assert.Null(viewer.Wrong);
        Assert.Equal(history.Select(shown => shown.Version).Order(), history.Select(shown => shown.Version));
    }

    private Viewer Open(string transport, params string[] keys) =>
        Transports.Open(transport, server, new Watched(ConformanceServer.Feed, keys));

    private async Task<Viewer> OpenMadeAsync(string transport, params string[] keys)
    {
        server.Produce(keys[0], 0);
        server.Flush();
        var first = await server.RestAsync(keys[0], 1);
        var viewer = Open(transport, keys);
        await ShowsAsync(viewer, keys[0], first);
        return viewer;
    }
}
