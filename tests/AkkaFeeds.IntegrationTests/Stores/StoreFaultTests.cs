using System.Diagnostics;
using AkkaFeeds.Harness;
using Xunit.Abstractions;

namespace AkkaFeeds.IntegrationTests.Stores;

/// <summary>
/// The real binary over a store that is killed, put back, emptied and written to by others, and over a log that was
/// cut behind it.
/// </summary>
[Collection(StoreServers.Collection)]
public sealed class StoreFaultTests(StoreServers servers, ITestOutputHelper output)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [SkippableTheory]
    [Trait("Run", "long")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Older_copies_and_empty_stores_are_healed_from_the_log_or_readers_are_told_that_it_ends(
        bool isPostgres)
    {
        await using var feed = await servers.FeedAsync(isPostgres);
        feed.Produce(1_000);
        await LifeAsync(feed, async server =>
        {
            await feed.SettledAsync(server);
            feed.Produce(500);
        });
        await feed.CopyAsync();
        feed.Produce(1_000);
        await LifeAsync(feed, feed.SettledAsync);
        if (isPostgres)
        {
            // For SQLite the flights prove it.
            await feed.RestoreAsync();
            await LifeAsync(feed, feed.SettledAsync);
            await feed.EmptyAsync();
            await LifeAsync(feed, feed.SettledAsync);
        }

        await feed.RestoreAsync();
        await feed.TruncateAsync();
        await LifeAsync(feed, server => StoredFeed.ReasonAsync(server, "stale", "lost-range", Soon));
        await feed.EmptyAsync();
        await LifeAsync(feed, server => Waiting.ForAsync(
            () => Task.FromResult(server.Process.Tail.Contains("log begins at") ? server : null), "the warning", Soon,
            TimeSpan.FromMilliseconds(50), () => server.Process.Tail));
    }

    [SkippableFact]
    public async Task A_database_that_dies_and_comes_back_is_told_at_once_and_everything_is_live_again()
    {
        await using var feed = await servers.FeedAsync(isPostgres: true);
        feed.Produce(1_000);
        await using var server = await feed.StartAsync();
        await feed.SettledAsync(server);

        await servers.Postgres!.KillAsync();
        var watch = Stopwatch.StartNew();
        feed.Produce(500);
        await StoredFeed.NotLiveAsync(server, "store-down", Soon);
        output.WriteLine($"not live after {watch.ElapsedMilliseconds} ms");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(3), $"not live after {watch.Elapsed}");

        // Slots fail in it and start over, again and again: that must not make the way back longer.
        await Waiting.PauseAsync(TimeSpan.FromSeconds(5));
        feed.Produce(500);
        await servers.Postgres.RestartAsync();
        watch.Restart();
        await feed.EqualAsync(server);
        output.WriteLine($"live and right {watch.ElapsedMilliseconds} ms after the database was back");
        Assert.True(watch.Elapsed < Soon, $"live after {watch.Elapsed}");
        await feed.SettledAsync(server);
        Assert.DoesNotContain(servers.Postgres.Password, server.Process.Tail, StringComparison.Ordinal);
        Assert.Contains("takes no writes", server.Process.Tail, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_node_that_is_frozen_in_the_middle_of_a_write_holds_its_rows_for_seconds_only()
    {
        const string InWrite = """
            SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()
            AND application_name = 'akkafeeds' AND state = 'idle in transaction'
            """;
        await using var feed = await servers.FeedAsync(isPostgres: true);
        feed.Produce(1_000);
        await using var server = await feed.StartAsync();
        await feed.SettledAsync(server);
        await using (var locked = await feed.LockJournalAsync())
        {
            feed.Produce(100);
            await Waiting.ForAsync(
                async () => await locked.WaitingAsync() > 0 ? locked : null, "a write", Soon,
                TimeSpan.FromMilliseconds(20));
            server.Process.Freeze();
        }

        var watch = Stopwatch.StartNew();
        try
        {
            await Waiting.ForAsync(
                async () => await feed.NumberAsync(InWrite) > 0 ? server : null, "a write that does not end", Soon,
                TimeSpan.FromMilliseconds(20));
            await Waiting.ForAsync(
                async () => await feed.NumberAsync(InWrite) == 0 ? server : null, "the database to let go",
                TimeSpan.FromSeconds(15), TimeSpan.FromMilliseconds(100));
        }
        finally
        {
            server.Process.Thaw();
        }

        output.WriteLine($"let go after {watch.ElapsedMilliseconds} ms");
        await feed.SettledAsync(server);
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_zombies_write_is_refused_and_costs_nothing(bool isPostgres)
    {
        const string Slots = "persistence_id LIKE 'slot.%'";
        await using var feed = await servers.FeedAsync(isPostgres);
        feed.Produce(1_000);
        await using var server = await feed.StartAsync();
        await feed.SettledAsync(server);
        if (isPostgres)
        {
            await AssertNextOnlyAsync(feed);
        }

        var highest = await feed.NumberAsync($"SELECT SUM(m)::bigint FROM {Highest(Slots)}"
            .Replace("::bigint", isPostgres ? "::bigint" : "", StringComparison.Ordinal));

        // Another incarnation of each slot claims the journal: this server's slots are zombies from here on.
        await feed.ExecuteAsync($"""
            INSERT INTO journal
              (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
            SELECT created, deleted, persistence_id, (SELECT m + 1 FROM {Highest("true")}
              WHERE h.persistence_id = journal.persistence_id),
              message, manifest, identifier, writer_uuid
            FROM journal WHERE {Slots} AND sequence_number = 1
            """);
        feed.Produce(1_000);
        await feed.SettledAsync(server);

        Assert.Contains("could not store event", server.Process.Tail, StringComparison.Ordinal);
        var now = await feed.NumberAsync($"SELECT SUM(m)::bigint FROM {Highest(Slots)}"
            .Replace("::bigint", isPostgres ? "::bigint" : "", StringComparison.Ordinal));
        Assert.True(now > highest + 4, $"from {highest} to {now}");
    }

    [SkippableFact]
    public async Task A_store_put_back_or_emptied_under_a_running_server_ends_it_and_the_next_one_reads_what_it_lacks()
    {
        await using var feed = await servers.FeedAsync(isPostgres: true);
        feed.Produce(1_000);
        await using (var first = await feed.StartAsync())
        {
            await feed.SettledAsync(first);
            await feed.CopyAsync();
            feed.Produce(1_000);
            await feed.SettledAsync(first);
            await feed.RestoreAsync();
            feed.Produce(1_000);
            await EndedAsync(first, "put back");
        }

        await using (var second = await feed.StartAsync())
        {
            await feed.SettledAsync(second);
            await feed.EmptyAsync();
            await EndedAsync(second, "emptied or swapped");
        }

        await LifeAsync(feed, feed.SettledAsync);
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_journal_and_the_snapshots_stay_bounded_and_transactions_have_the_pinned_isolation(
        bool isPostgres)
    {
        await using var feed = await servers.FeedAsync(isPostgres, every: "50ms");
        feed.Produce(StoredFeed.Keys, textLength: 20_000);
        await using var server = await feed.StartAsync();
        await feed.SettledAsync(server);
        if (isPostgres)
        {
            await NoteIsolationAsync(feed);
        }

        for (var round = 0; round < 100; round++)
        {
            feed.Produce(StoredFeed.Keys, textLength: 20_000);
            await Waiting.PauseAsync(TimeSpan.FromMilliseconds(60));
        }

        await feed.SettledAsync(server);
        const string Slot = "WHERE persistence_id = 'slot.sums.1.0'";
        var rows = await feed.NumberAsync($"SELECT COUNT(*) FROM journal {Slot}");
        var newest = await feed.NumberAsync($"SELECT MAX(sequence_number) FROM journal {Slot}");
        var snapshots = await feed.NumberAsync($"SELECT COUNT(*) FROM snapshot {Slot}");
        output.WriteLine($"{rows} of {newest} events, {snapshots} snapshots");
        Assert.InRange(newest, 30, long.MaxValue);
        Assert.InRange(rows, 1, 40);
        Assert.InRange(rows, 1, newest - 10);
        Assert.InRange(snapshots, 1, 2);
        if (isPostgres)
        {
            Assert.NotEqual(0, await feed.NumberAsync("SELECT COUNT(*) FROM isolation"));
            Assert.Equal(
                0, await feed.NumberAsync("SELECT COUNT(*) FROM isolation WHERE level <> 'read committed'"));
        }

    }

    // Ends as kill -9 ends it.
    private static async Task LifeAsync(StoredFeed feed, Func<ServerProcess, Task> live)
    {
        await using var server = await feed.StartAsync();
        await live(server);
        await server.KillAsync();
    }

    // A database whose own default is another: what is pinned has to be asked for.
    private async Task NoteIsolationAsync(StoredFeed feed)
    {
        var database = new Npgsql.NpgsqlConnectionStringBuilder(feed.Store).Database!;
        await feed.ExecuteAsync($"""
            ALTER DATABASE "{database}" SET default_transaction_isolation = 'serializable';
            CREATE TABLE isolation (level text);
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN INSERT INTO isolation VALUES (current_setting('transaction_isolation')); RETURN NULL; END $$;
            CREATE TRIGGER note AFTER INSERT ON journal FOR EACH ROW EXECUTE FUNCTION note();
            """);
        await servers.Postgres!.DisconnectAsync(database);
    }

    private static async Task EndedAsync(ServerProcess server, string about)
    {
        Assert.Equal(1, await server.Process.ExitAsync(TimeSpan.FromSeconds(40)));
        Assert.Single(
            server.Process.Errors, line => line.StartsWith("akkafeeds: store ", StringComparison.Ordinal)
                && line.Contains(about, StringComparison.Ordinal));
    }

    private static async Task AssertNextOnlyAsync(StoredFeed feed)
    {
        foreach (var number in new[] { -1, 0, 2, 7 })
        {
            var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => feed.ExecuteAsync($"""
                INSERT INTO journal (created, deleted, persistence_id, sequence_number, message)
                SELECT 0, false, persistence_id, MAX(sequence_number) + {number}, '' FROM journal
                WHERE persistence_id = 'slot.sums.1.0' GROUP BY persistence_id
                """));
            Assert.Equal("FE001", refused.SqlState);
        }
    }

    private static string Highest(string where) =>
        $"(SELECT persistence_id, MAX(sequence_number) AS m FROM journal WHERE {where} GROUP BY persistence_id) AS h";
}
