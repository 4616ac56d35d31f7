using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace AkkaFeeds.Store;

/// <summary>
/// SQLite in WAL mode with <c>synchronous = FULL</c>, so that what was committed survives a power loss.
/// </summary>
internal sealed class SqliteDatabase(string path)
    : StoreDatabase(new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 10 }.ToString())
{
    public override string ProviderName => "SQLite.MS";

    public override string DisplayName => $"sqlite:{path}";

    public override string IsolationLevel => "serializable";

    public override int JournalParallelism => 1;

    protected override string FenceSql => $"""
        BEGIN IMMEDIATE;
        DROP TRIGGER IF EXISTS journal_fence;
        {FenceBody};
        COMMIT;
        """;

    protected override string FenceBodySql =>
        "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = 'journal_fence' AND tbl_name = 'journal'";

    // Only the next number is taken. A lower one is a zombie's; a higher one is from a writer whose earlier events
    // this store has not: it was put back, emptied or swapped under him.
    protected override string FenceBody => """
        CREATE TRIGGER journal_fence BEFORE INSERT ON journal
        WHEN NEW.sequence_number <> 1 + COALESCE(
          (SELECT MAX(sequence_number) FROM journal WHERE persistence_id = NEW.persistence_id),
          (SELECT MAX(sequence_number) FROM snapshot WHERE persistence_id = NEW.persistence_id), 0)
        BEGIN SELECT RAISE(ABORT, 'journal_fence'); END
        """;

    protected override string UniqueExistsSql => """
        SELECT COUNT(*) FROM pragma_index_list('journal') AS list
        WHERE list."unique" = 1
        AND (SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(list.name) ORDER BY name))
            = 'persistence_id,sequence_number'
        """;

    protected override string TableSql => "SELECT name FROM sqlite_master WHERE type = 'table' AND name = @table";

    protected override void Lay()
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!string.IsNullOrEmpty(directory))
        {
            Directory.CreateDirectory(directory);
        }

        using var connection = Open();
        Execute(connection, "PRAGMA journal_mode = WAL");
        Execute(connection, RegistrySql);
        Enter(connection);
    }

    public override string? Probe()
    {
        // A file that is gone must not be made anew; the write lock is taken and given back at once.
        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder(ConnectionString)
            {
                Mode = SqliteOpenMode.ReadWrite,
                DefaultTimeout = 1,
                Pooling = false,
            }.ToString());
        connection.Open();
        Execute(connection, "BEGIN IMMEDIATE; ROLLBACK");
        return Text(connection, "SELECT name FROM sqlite_master WHERE name = 'akkafeeds_registry'") is null
            ? null
            : Text(connection, IdentitySql);
    }

    protected override DbConnection Open()
    {
        var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        return connection;
    }
}
