using System.Data.Common;
using Npgsql;

namespace AkkaFeeds.Store;

/// <summary>PostgreSQL; one store for all nodes of a cluster.</summary>
internal sealed class PostgresDatabase(string connectionString) : StoreDatabase(connectionString)
{
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

    protected override string FenceSql => """
        CREATE OR REPLACE FUNCTION journal_fence() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE h bigint; BEGIN
          PERFORM pg_advisory_xact_lock(hashtextextended(NEW.persistence_id, 0));
          SELECT sequence_number INTO h FROM journal WHERE persistence_id = NEW.persistence_id
            ORDER BY sequence_number DESC LIMIT 1;
          IF NEW.sequence_number <= h THEN
            RAISE EXCEPTION 'journal_fence % % <= %', NEW.persistence_id, NEW.sequence_number, h USING ERRCODE = 'FE001';
          END IF;
          RETURN NEW; END $$;
        CREATE OR REPLACE TRIGGER journal_fence BEFORE INSERT ON journal
          FOR EACH ROW EXECUTE FUNCTION journal_fence();
        """;

    protected override string FenceExistsSql =>
        "SELECT COUNT(*) FROM pg_trigger WHERE tgname = 'journal_fence' AND tgrelid = to_regclass('journal')";

    protected override string UniqueExistsSql => """
        SELECT COUNT(*) FROM pg_index i WHERE i.indrelid = to_regclass('journal') AND i.indisunique
        AND (SELECT array_agg(a.attname::text ORDER BY a.attname) FROM pg_attribute a
             WHERE a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)) = ARRAY['persistence_id', 'sequence_number']
        """;

    protected override string JournalExistsSql => "SELECT COUNT(*) WHERE to_regclass('journal') IS NOT NULL";

    public override void Prepare()
    {
        using var connection = Open();
        Execute(connection, RegistrySql);
        Execute(connection, """
            INSERT INTO akkafeeds_registry (name, value) VALUES ('format', '1')
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """);
    }

    public override void Probe()
    {
        // A standby answers queries, but takes no write.
        using var connection = Open();
        Execute(connection, "UPDATE akkafeeds_registry SET value = value WHERE name = 'format' AND false");
    }

    protected override DbConnection Open()
    {
        var connection = new NpgsqlConnection(ConnectionString);
        connection.Open();
        return connection;
    }
}
