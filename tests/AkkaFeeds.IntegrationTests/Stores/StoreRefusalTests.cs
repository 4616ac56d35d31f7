using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Stores;

/// <summary>Stores that the real binary does not take, each with one error that never tells a password.</summary>
[Collection(StoreServers.Collection)]
public sealed class StoreRefusalTests(StoreServers servers)
{
    [SkippableFact]
    public async Task A_journal_of_postgres_of_another_feed_or_without_its_fence_is_refused() => await RefusedAsync(
        isPostgres: true,
        ("ALTER TABLE journal DISABLE TRIGGER journal_fence", "journal_fence"),
        ("DROP TRIGGER journal_fence ON journal", "journal_fence"),
        ("ALTER TABLE journal DROP CONSTRAINT journal_uq", "UNIQUE"));

    [SkippableFact]
    public async Task A_journal_of_sqlite_of_another_feed_or_without_its_fence_is_refused() => await RefusedAsync(
        isPostgres: false,
        ("DROP TRIGGER journal_fence", "journal_fence"),
        ("CREATE TABLE c AS SELECT * FROM journal; DROP TABLE journal; ALTER TABLE c RENAME TO journal", "UNIQUE"));

    // The fence is there, and does nothing in such a session: only an event out of turn shows it.
    [SkippableFact]
    public async Task A_fence_that_lets_an_event_out_of_turn_pass_is_refused()
    {
        await using var feed = await servers.FeedAsync(isPostgres: true);
        feed.Site.Edit(
            $"store: postgres:{feed.Store}",
            $"store: postgres:{feed.Store};Options=-c session_replication_role=replica");
        var run = await feed.RunAsync();
        run.AssertOneError(1, "not fenced");
        AssertNoPassword(run);
    }

    [SkippableTheory]
    [InlineData("Port=1", 3, "Port=1;")]
    [InlineData("Database=not-there", 1, "not-there")]
    [InlineData("Username=nobody", 1, "nobody")]
    public async Task A_database_that_does_not_let_us_in_is_named_and_no_password(string part, int code, string about)
    {
        await using var feed = await servers.FeedAsync(isPostgres: true);
        feed.Site.Edit($"store: postgres:{feed.Store}", $"store: postgres:{With(feed.Store, part)}");
        var run = await feed.RunAsync();
        run.AssertOneError(code, about);
        AssertNoPassword(run);
    }

    [SkippableTheory]
    [InlineData("Timeout=soon")]
    [InlineData("Prot=5432")]
    [InlineData("SSL Mode=Perhaps")]
    public async Task A_part_of_the_connection_string_that_is_wrong_is_named_and_no_password(string part)
    {
        await using var feed = await servers.FeedAsync(isPostgres: true);
        feed.Site.Edit($"store: postgres:{feed.Store}", $"store: postgres:{feed.Store};{part}");
        var run = await feed.RunAsync();
        run.AssertFileErrors("store");
        Assert.Contains(run.Errors, line => line.Contains(part.Split('=')[0], StringComparison.OrdinalIgnoreCase));
        AssertNoPassword(run);
    }

    private async Task RefusedAsync(bool isPostgres, params (string Sql, string Missing)[] losses)
    {
        await using var feed = await servers.FeedAsync(isPostgres);
        feed.Produce(100);
        await using (var first = await feed.StartAsync())
        {
            await feed.SettledAsync(first);
            await first.KillAsync();
        }

        feed.Site.Edit($"{StoredFeed.Name}:", "others:");
        var others = await feed.RunAsync();
        others.AssertOneError(2, $"holds the feeds {StoredFeed.Name}");
        feed.Site.Edit("others:", $"{StoredFeed.Name}:");

        foreach (var (sql, missing) in losses)
        {
            await feed.ExecuteAsync(sql);
            var before = await feed.NumberAsync("SELECT COUNT(*) FROM journal");
            var run = await feed.RunAsync();
            run.AssertOneError(1, missing);
            AssertNoPassword(run);
            Assert.Equal(before, await feed.NumberAsync("SELECT COUNT(*) FROM journal"));
        }
    }

    private void AssertNoPassword(Serve.ServerRun run)
    {
        if (servers.Postgres is { Password: var password })
        {
            Assert.DoesNotContain(run.Errors, line => line.Contains(password, StringComparison.Ordinal));
        }
    }

    private static string With(string connection, string part)
    {
        var name = part.Split('=')[0] + "=";
        return string.Join(';', connection.Split(';')
            .Select(each => each.StartsWith(name, StringComparison.Ordinal) ? part : each));
    }
}
