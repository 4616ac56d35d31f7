using Npgsql;

namespace AkkaFeeds.Harness;

/// <summary>Holds the journal's table, so that whoever writes into it waits in the middle of his write.</summary>
public sealed class JournalLock : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;

    private JournalLock(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        this.connection = connection;
        this.transaction = transaction;
    }

    /// <summary>Takes the lock.</summary>
    /// <param name="connection">To the store; is closed with the lock.</param>
    /// <param name="mode">EXCLUSIVE holds writers up, ACCESS EXCLUSIVE readers as well.</param>
    public static async Task<JournalLock> TakeAsync(NpgsqlConnection connection, string mode)
    {
        var taken = new JournalLock(connection, await connection.BeginTransactionAsync());
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Tests write this SQL themselves.
        command.CommandText = $"LOCK TABLE journal IN {mode} MODE";
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
        return taken;
    }

    /// <summary>How many sessions wait for it now.</summary>
    public async Task<long> WaitingAsync()
    {
        await using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT count(DISTINCT pid) FROM pg_locks WHERE relation = 'journal'::regclass AND NOT granted";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Lets go; those that waited go on.</summary>
    public async ValueTask DisposeAsync()
    {
        await transaction.RollbackAsync();
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
