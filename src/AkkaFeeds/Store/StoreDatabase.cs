using System.Data.Common;

namespace AkkaFeeds.Store;

/// <summary>
/// The SQL database behind the journal, seen through ADO.NET: what Akka.Persistence.Sql does not do for us. It makes
/// the file
/// or checks the server, fences the journal, tells a persistence id's highest sequence number, and keeps the registry.
/// </summary>
internal abstract class StoreDatabase(string connectionString)
{
    /// <summary>The connection string for this class and for Akka.Persistence.Sql alike.</summary>
    public string ConnectionString { get; } = connectionString;

    /// <summary>The name linq2db gives the provider.</summary>
    public abstract string ProviderName { get; }

    /// <summary>What an operator calls this store; never a secret.</summary>
    public abstract string DisplayName { get; }

    /// <summary>The isolation that is pinned, by the name Akka.Persistence.Sql gives it.</summary>
    public abstract string IsolationLevel { get; }

    /// <summary>How many journal writers make sense: SQLite has one.</summary>
    public abstract int JournalParallelism { get; }

    protected abstract string FenceSql { get; }

    protected abstract string FenceExistsSql { get; }

    protected abstract string UniqueExistsSql { get; }

    protected abstract string JournalExistsSql { get; }

    /// <summary>
    /// Opens the database for writing and lays the registry's table; throws what the provider throws.
    /// </summary>
    public abstract void Prepare();

    /// <summary>Throws what the provider throws where the store would not take a write now.</summary>
    public abstract void Probe();

    /// <summary>Whether the journal's table is there, which Akka.Persistence.Sql makes when it first starts.</summary>
    public bool JournalExists() => Count(JournalExistsSql) > 0;

    /// <summary>Installs the fence of product.md rule 17; harmless when it stands already.</summary>
    public void InstallFence()
    {
        using var connection = Open();
        Execute(connection, FenceSql);
    }

    /// <summary>
    /// Whether both halves of the fence stand: the trigger and UNIQUE(persistence_id, sequence_number).
    /// </summary>
    public bool FenceStands() => Count(FenceExistsSql) > 0 && Count(UniqueExistsSql) > 0;

    /// <summary>The highest sequence number that is committed for a persistence id; 0 for none.</summary>
    public long HighestSequenceNumber(string persistenceId)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT MAX(sequence_number) FROM journal WHERE persistence_id = @id";
        AddParameter(command, "@id", persistenceId);
        return command.ExecuteScalar() is long highest ? highest : 0;
    }

    /// <summary>The persistence ids that start with <paramref name="prefix"/>, sorted.</summary>
    public IReadOnlyList<string> PersistenceIds(string prefix)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT DISTINCT persistence_id FROM journal WHERE persistence_id >= @from AND persistence_id < @to ORDER BY 1";
        AddParameter(command, "@from", prefix);
        AddParameter(command, "@to", prefix + "\uffff");
        using var reader = command.ExecuteReader();
        var ids = new List<string>();
        while (reader.Read())
        {
            ids.Add(reader.GetString(0));
        }

        return ids;
    }

    /// <summary>All entries of the registry.</summary>
    public IReadOnlyDictionary<string, string> ReadRegistry()
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, value FROM akkafeeds_registry";
        using var reader = command.ExecuteReader();
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read())
        {
            entries[reader.GetString(0)] = reader.GetString(1);
        }

        return entries;
    }

    /// <summary>Writes one entry of the registry.</summary>
    public void WriteRegistry(string name, string value)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO akkafeeds_registry (name, value) VALUES (@name, @value)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """;
        AddParameter(command, "@name", name);
        AddParameter(command, "@value", value);
        command.ExecuteNonQuery();
    }

    protected const string RegistrySql =
        "CREATE TABLE IF NOT EXISTS akkafeeds_registry (name TEXT PRIMARY KEY, value TEXT NOT NULL)";

    protected abstract DbConnection Open();

    protected static void Execute(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The SQL is one of this class's own constants; nothing of a user's is in it.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private long Count(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // As above.
        command.CommandText = sql;
#pragma warning restore CA2100
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static void AddParameter(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
