using System.Data.Common;
using Npgsql;

namespace AkkaFeeds.Store;

/// <summary>PostgreSQL 15 or later; one store for all nodes of a cluster.</summary>
/// <param name="connectionString">Npgsql's, as the operator wrote it.</param>
internal sealed class PostgresDatabase(string connectionString) : StoreDatabase(Complete(connectionString))
{
    private const int VersionMin = 15;

    // A node that is frozen, or cut off, in the middle of a write holds its rows: whoever is to take its slots over
    // waits for them, and everything else that his journal writes waits behind. The server ends such a session.
    private const string IdleInTransaction = "idle_in_transaction_session_timeout";
    private const int IdleInTransactionMilliseconds = 5_000;

    // Whatever a node lays in the database it lays under this lock: PostgreSQL's IF NOT EXISTS fails where two
    // sessions meet in it.
    private const string LayLock = "SELECT pg_advisory_xact_lock(hashtextextended('akkafeeds', 0))";

    private const string NodesSql =
        "CREATE TABLE IF NOT EXISTS akkafeeds_nodes "
        + "(address TEXT PRIMARY KEY, cluster TEXT NOT NULL, seen TIMESTAMPTZ NOT NULL)";

    // The database's clock alone: those of nodes may differ. One that has not said it for four seconds has gone.
    private const string MeetSql = """
        INSERT INTO akkafeeds_nodes (address, cluster, seen) VALUES (@address, @cluster, clock_timestamp())
        ON CONFLICT (address) DO UPDATE SET cluster = excluded.cluster, seen = excluded.seen;
        SELECT address, cluster FROM akkafeeds_nodes WHERE seen > clock_timestamp() - interval '4 seconds'
        """;

    public override string ProviderName => "PostgreSQL.15";

    public override string DisplayName
    {
        get
        {
            var builder = new NpgsqlConnectionStringBuilder(ConnectionString);
            return $"postgres:Host={builder.Host};Port={builder.Port};Database={builder.Database}";
        }
    }

    public override string IsolationLevel => "read-committed";

    public override int JournalParallelism => 1;

    protected override string FenceSql => $"""
        {LayLock};
        CREATE OR REPLACE FUNCTION journal_fence() RETURNS trigger LANGUAGE plpgsql AS $body${FenceBody}$body$;
        CREATE OR REPLACE TRIGGER journal_fence BEFORE INSERT ON journal
          FOR EACH ROW EXECUTE FUNCTION journal_fence();
        """;

    protected override string FenceBodySql => """
        SELECT f.prosrc FROM pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid
        WHERE t.tgname = 'journal_fence' AND t.tgrelid = to_regclass('journal') AND t.tgenabled IN ('O', 'A')
        """;

    // Only the next number is taken. A lower one is a zombie's; a higher one is from a writer whose earlier events
    // this store has not: it was put back, emptied or swapped under him.
    protected override string FenceBody => """
         DECLARE h bigint; BEGIN
          PERFORM pg_advisory_xact_lock(hashtextextended(NEW.persistence_id, 0));
          SELECT sequence_number INTO h FROM journal WHERE persistence_id = NEW.persistence_id
            ORDER BY sequence_number DESC LIMIT 1;
          IF h IS NULL THEN
            SELECT COALESCE(MAX(sequence_number), 0) INTO h FROM snapshot WHERE persistence_id = NEW.persistence_id;
          END IF;
          IF NEW.sequence_number <> h + 1 THEN
            RAISE EXCEPTION 'journal_fence: % has % and is not given %', NEW.persistence_id, h, NEW.sequence_number
              USING ERRCODE = 'FE001';
          END IF;
          RETURN NEW; END
        """;

    protected override string UniqueExistsSql => """
        SELECT COUNT(*) FROM pg_index i WHERE i.indrelid = to_regclass('journal') AND i.indisunique AND i.indisvalid
        AND i.indpred IS NULL
        AND (SELECT array_agg(a.attname::text ORDER BY a.attname) FROM pg_attribute a
             WHERE a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)) = ARRAY['persistence_id', 'sequence_number']
        """;

    // What the server says has a code before it and lines behind it.
    public override string Explain(Exception exception) =>
        exception is PostgresException { MessageText: var text, SqlState: var code } ? $"{text}, {code}"
        : base.Explain(exception);

    public override bool IsUnreachable(Exception exception) =>
        exception is NpgsqlException and not PostgresException
        || exception is PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow };

    public override IDisposable Alone()
    {
        var connection = Open();
        try
        {
            Execute(connection, "SELECT pg_advisory_lock(hashtextextended('akkafeeds start', 0))");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    protected override string TableSql => "SELECT to_regclass(@table)::text";

    public override string? Probe()
    {
        // A standby answers queries, but takes no write.
        try
        {
            using var connection = Open();
            Execute(connection, "UPDATE akkafeeds_registry SET value = value WHERE name = 'format' AND false");
            return Text(connection, IdentitySql);
        }
        catch (PostgresException gone) when (gone.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return null;
        }
    }

    public override IReadOnlyList<StoreNode> Meet(StoreNode self)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = MeetSql;
        AddParameter(command, "@address", self.Address);
        AddParameter(command, "@cluster", self.Cluster);
        using var reader = command.ExecuteReader();
        var nodes = new List<StoreNode>();
        while (reader.Read())
        {
            nodes.Add(new(reader.GetString(0), reader.GetString(1)));
        }

        return nodes;
    }

    protected override void Lay()
    {
        using var connection = (NpgsqlConnection)Open();
        if (connection.PostgreSqlVersion.Major < VersionMin)
        {
            throw new StartupException(
                $"store {DisplayName}",
                $"it is PostgreSQL {connection.PostgreSqlVersion}, and the journal's fence needs {VersionMin}",
                "name a newer server in `store`");
        }

        using var transaction = connection.BeginTransaction();
        Execute(connection, LayLock);
        Execute(connection, RegistrySql);
        Execute(connection, NodesSql);
        Enter(connection);
        transaction.Commit();
    }

    protected override DbConnection Open()
    {
        var connection = new NpgsqlConnection(ConnectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Adds what the operator has left open; see docs/stores.md.</summary>
    private static string Complete(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        if (builder.Options?.Contains(IdleInTransaction, StringComparison.OrdinalIgnoreCase) is not true)
        {
            builder.Options = $"{builder.Options} -c {IdleInTransaction}={IdleInTransactionMilliseconds}".TrimStart();
        }

        Default("Application Name", "akkafeeds");
        Default("Timeout", 5);
        Default("Command Timeout", 15);
        Default("Keepalive", 10);
        Default("Maximum Pool Size", 20);
        return builder.ConnectionString;

        // ContainsKey is true of every keyword that there is.
        void Default(string name, object value)
        {
            if (!builder.ShouldSerialize(name))
            {
                builder[name] = value;
            }
        }
    }
}
