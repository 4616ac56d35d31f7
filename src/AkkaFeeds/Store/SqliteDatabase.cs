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

    protected override string FenceSql => """
        CREATE TRIGGER IF NOT EXISTS journal_fence BEFORE INSERT ON journal
        WHEN NEW.sequence_number <= (SELECT MAX(sequence_number) FROM journal WHERE persistence_id = NEW.persistence_id)
        BEGIN SELECT RAISE(ABORT, 'journal_fence'); END
        """;

    protected override string FenceExistsSql =>
        "SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger' AND name = 'journal_fence' AND tbl_name = 'journal'";

    protected override string UniqueExistsSql => """
        SELECT COUNT(*) FROM pragma_index_list('journal') AS list
        WHERE list."unique" = 1
        AND (SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(list.name) ORDER BY name))
            = 'persistence_id,sequence_number'
        """;

    protected override string JournalExistsSql =>
        "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'journal'";

    public override void Prepare()
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!string.IsNullOrEmpty(directory))
        {
            Directory.CreateDirectory(directory);
        }

        using var connection = Open();
        Execute(connection, "PRAGMA journal_mode = WAL");
        Execute(connection, RegistrySql);

        // A store on a read-only file system opens without complaint; a write is the only proof.
        Execute(connection, "INSERT OR REPLACE INTO akkafeeds_registry (name, value) VALUES ('format', '1')");
    }

    public override void Probe()
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
    }

    protected override DbConnection Open()
    {
        var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        return connection;
    }
}
