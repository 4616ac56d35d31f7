using System.Globalization;
using AkkaFeeds.Harness;
using AkkaFeeds.IntegrationTests.Serve;
using AkkaFeeds.IntegrationTests.Stores;

namespace AkkaFeeds.IntegrationTests.Sources;

/// <summary>
/// What can become of a topic under a feed: each is a named state with an operator's way out, and never a silent skip.
/// </summary>
[Collection(StoreServers.Collection)]
public sealed class SourceTests(StoreServers servers)
{
    // So many that each partition gets some.
    private const int UnderWay = 10;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [SkippableFact]
    public async Task A_feed_whose_log_lost_records_waits_for_an_operator_and_goes_on_without_them()
    {
        await using var feed = await servers.FeedAsync(isPostgres: false);
        feed.Produce(1_000);
        long lost, counted = 0;
        await using (var server = await feed.StartAsync())
        {
            await feed.SettledAsync(server);

            // The process is stopped while 400 are written and lost. A fetch that was under way ends with the first of
            // them; it could else take all that a partition gets. What a lane has sent on of these is counted, and
            // named with the rest, because its ledger does not know of it yet.
            server.Process.Freeze();
            feed.Produce(UnderWay);
            feed.Produce(400 - UnderWay);
            await feed.TruncateAsync();
            server.Process.Thaw();
            await StoredFeed.ReasonAsync(server, "stale", "lost-range", Soon);
            var refused = await Waiting.ForAsync(
                async () => await ResumeAsync(feed) is { ExitCode: 4 } run
                    && RangesOf(run.Errors[^1]) + (counted = await feed.CountedAsync(server)) is >= 1_400
                        and <= 1_400 + UnderWay ? run : null,
                "each record counted, or named as lost", Soon, TimeSpan.FromMilliseconds(100),
                () => server.Process.Tail);
            refused.AssertOneError(4, "have lost");
            lost = RangesOf(refused.Errors[^1]);
            Assert.InRange(lost, 1, 400);
            var resumed = await ResumeAsync(feed, "--yes");
            Assert.True(resumed.ExitCode == 0, string.Join('\n', resumed.Errors));
            await StoredFeed.ReasonAsync(server, "partial", "lost-range", Soon);
            Assert.NotEmpty(await feed.MissingPartitionsAsync(server));

            feed.Produce(300);
            await CountedAsync(feed, server, counted + 300);
            Assert.Equal(0, (await ResumeAsync(feed)).ExitCode);
            Assert.Equal(lost, (await server.Client.MetricsAsync())!.Sum("akkafeeds_lost_records"));
        }

        await using var again = await feed.StartAsync();
        await StoredFeed.ReasonAsync(again, "partial", "lost-range", Soon);
        Assert.Equal(counted + 300, await feed.CountedAsync(again));
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_topic_that_is_made_again_is_said_and_counted_in_a_new_store(bool whileRunning)
    {
        await using var feed = await servers.FeedAsync(isPostgres: false);
        feed.Produce(1_000);
        await using (var server = await feed.StartAsync())
        {
            await feed.SettledAsync(server);
            if (whileRunning)
            {
                await feed.RecreateAsync();
                feed.Produce(3_000);
                await StoredFeed.ReasonAsync(server, "stale", "source-changed", Soon);
            }
        }

        if (!whileRunning)
        {
            await feed.RecreateAsync();
            feed.Produce(3_000);
        }

        await using (var again = await feed.StartAsync())
        {
            await StoredFeed.ReasonAsync(again, "stale", "source-changed", Soon);
            Assert.Contains("name a new store", again.Process.Tail, StringComparison.Ordinal);
            if (!whileRunning)
            {
                Assert.Equal(1_000, await feed.CountedAsync(again));
            }
        }

        await feed.EmptyAsync();
        await using var fresh = await feed.StartAsync();
        await CountedAsync(feed, fresh, 3_000);
    }

    [SkippableFact]
    public async Task Partitions_that_are_added_are_read_within_seconds()
    {
        await using var feed = await servers.FeedAsync(isPostgres: false);
        feed.Produce(1_000);
        await using var server = await feed.StartAsync();
        await feed.SettledAsync(server);
        await feed.AddPartitionsAsync(6);
        feed.Produce(1_000);
        await feed.EqualAsync(server);
    }

    [SkippableFact]
    public async Task A_compacted_topic_is_refused_where_a_field_needs_every_record()
    {
        await using var feed = await servers.FeedAsync(isPostgres: false);
        await feed.CompactAsync();
        var run = await feed.RunAsync();
        run.AssertOneError(2, "compacted");
        Assert.Contains("feeds.sums.view.n", run.Errors[^1], StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_wrong_word_of_an_operator_is_one_clear_error()
    {
        await using var feed = await servers.FeedAsync(isPostgres: false);
        await using var server = await feed.StartAsync();
        var node = feed.Site.Admin.ToString();
        (int Code, string About, string[] Words)[] wrong =
        [
            (2, "unknown verb", ["forget", "sums", "--admin", node]),
            (2, "does not have it yet", ["pause", "sums", "--admin", node]),
            (2, "no feed", ["resume", "sum", "--admin", node]),
            (2, "no address", ["resume", "sums", "--admin", "ftp://x"]),
            (3, "cannot be reached", ["resume", "sums", "--admin", "127.0.0.1:9"]),
        ];
        foreach (var (code, about, words) in wrong)
        {
            (await ServerRun.OfAsync(["feed", .. words])).AssertOneError(code, about);
        }
    }

    private static Task<ServerRun> ResumeAsync(StoredFeed feed, params string[] words) =>
        ServerRun.OfAsync(["feed", "resume", StoredFeed.Name, "--admin", feed.Site.Admin.ToString(), .. words]);

    private static Task CountedAsync(StoredFeed feed, ServerProcess server, long records) => Waiting.ForAsync(
        async () => await feed.CountedAsync(server) == records ? feed : null,
        $"{records} records in the views", Soon, TimeSpan.FromMilliseconds(50), () => server.Process.Tail);

    // topic/0:500..699, topic/1:500..699
    private static long RangesOf(string error) => error.Split([' ', ',', ';'])
        .Where(word => word.Contains("..", StringComparison.Ordinal))
        .Select(word => word[(word.LastIndexOf(':') + 1)..].Split(".."))
        .Sum(ends => long.Parse(ends[1], CultureInfo.InvariantCulture)
            - long.Parse(ends[0], CultureInfo.InvariantCulture) + 1);
}
