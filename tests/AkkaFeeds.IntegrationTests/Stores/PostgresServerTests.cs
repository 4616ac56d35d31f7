using AkkaFeeds.Harness;
using Npgsql;

namespace AkkaFeeds.IntegrationTests.Stores;

public sealed class PostgresServerTests
{
    [SkippableFact]
    public async Task It_keeps_its_rows_over_a_kill_a_stop_and_a_copy()
    {
        await using var server = await PostgresServer.StartAsync();
        Skip.If(server is null, PostgresServer.SkipReason);
        await server!.CreateDatabaseAsync("first");
        await server.ExecuteAsync("first", "CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)");

        await server.KillAsync();
        Assert.False(server.IsRunning);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => server.OpenAsync("first"));
        await server.RestartAsync();
        await server.ExecuteAsync("first", "INSERT INTO kept VALUES (2)");
        await server.StopAsync();
        await server.RestartAsync();

        await using var user = await server.OpenAsync("first");
        await server.CreateDatabaseAsync("second", copyOf: "first");
        await server.ExecuteAsync("first", "INSERT INTO kept VALUES (3)");
        Assert.Equal(3, await server.ScalarAsync<long>("first", "SELECT COUNT(*) FROM kept"));
        Assert.Equal(2, await server.ScalarAsync<long>("second", "SELECT COUNT(*) FROM kept"));
        await server.DropDatabaseAsync("second");
        await Assert.ThrowsAsync<PostgresException>(() => server.OpenAsync("second"));
    }
}
