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

    /// <summary>Makes the fence, or puts this version's in the place of another's.</summary>
    protected abstract string FenceSql { get; }

    /// <summary>Gives what the database says that its fence does, or no row where it has none.</summary>
    protected abstract string FenceBodySql { get; }

    /// <summary>What <see cref="FenceBodySql"/> gives where the fence is this version's.</summary>
    protected abstract string FenceBody { get; }

    protected abstract string UniqueExistsSql { get; }

    /// <summary>Gives the name of the table <c>@table</c>, or nothing where it is not there.</summary>
    protected abstract string TableSql { get; }

    /// <summary>
    /// Which store this is: a random name that it was given when it was made. Another one under the same address was
    /// emptied or swapped.
    /// </summary>
    public string Identity { get; private set; } = "";

    /// <summary>
    /// Opens the database for writing, lays the registry's table and learns the store's identity; throws what the
    /// provider throws.
    /// </summary>
    public void Prepare()
    {
        Lay();
        Identity = ReadRegistry()[IdentityName];
    }

    /// <summary>
    /// Throws what the provider throws where the store would not take a write now; gives the identity of the store
    /// that answers, or null where what answers is no store of ours.
    /// </summary>
    public abstract string? Probe();

    /// <summary>Why it failed, in one line without a secret.</summary>
    public virtual string Explain(Exception exception) => exception.Message.TrimEnd('.');

    /// <summary>Whether it could not even be asked.</summary>
    public virtual bool IsUnreachable(Exception exception) => false;

    /// <summary>Keeps other nodes out until the result is disposed of: one lays its tables at a time.</summary>
    public virtual IDisposable? Alone() => null;

    /// <summary>
    /// Says that a node of a cluster lives on this store, and gives all who have said so lately; nobody where the
    /// store is for one node.
    /// </summary>
    public virtual IReadOnlyList<StoreNode> Meet(StoreNode self) => [];

    /// <summary>Whether a table of Akka.Persistence.Sql is there, which it makes when it first starts.</summary>
    public bool TableExists(string table)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // One of the two SQL constants of the stores; the name is a parameter.
        command.CommandText = TableSql;
#pragma warning restore CA2100
        AddParameter(command, "@table", table);
        return command.ExecuteScalar() is string;
    }

    /// <summary>
    /// Sees to the fence of product.md rule 17, a trigger and UNIQUE(persistence_id, sequence_number). A journal that
    /// nobody has written to is fenced; one that was written without its fence is not believed any more.
    /// </summary>
    /// <returns>What is missing, or null where the fence stands.</returns>
    public string? EnsureFence()
    {
        if (Count(UniqueExistsSql) == 0)
        {
            return "UNIQUE (persistence_id, sequence_number)";
        }

        var body = Text(FenceBodySql);
        if (body is null && Count("SELECT COUNT(*) FROM (SELECT 1 FROM journal LIMIT 1) AS one_row") > 0)
        {
            return "the trigger journal_fence";
        }

        if (body != FenceBody)
        {
            using var connection = Open();
            Execute(connection, FenceSql);
        }

        return null;
    }

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
        // No range of texts: which of two is the lower is the collation's matter, and a database may have any.
        command.CommandText =
            "SELECT DISTINCT persistence_id FROM journal WHERE substr(persistence_id, 1, @length) = @prefix";
        AddParameter(command, "@length", prefix.Length);
        AddParameter(command, "@prefix", prefix);
        using var reader = command.ExecuteReader();
        var ids = new List<string>();
        while (reader.Read())
        {
            ids.Add(reader.GetString(0));
        }

        ids.Sort(StringComparer.Ordinal);
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

    /// <summary>The identity's name in the registry.</summary>
    protected const string IdentityName = "store";

    protected const string RegistrySql =
        "CREATE TABLE IF NOT EXISTS akkafeeds_registry (name TEXT PRIMARY KEY, value TEXT NOT NULL)";

    // A store on a read-only file system opens without complaint; a write is the only proof.
    protected const string EnterFormatSql = """
        INSERT INTO akkafeeds_registry (name, value) VALUES ('format', '1')
        ON CONFLICT (name) DO UPDATE SET value = excluded.value
        """;

    protected const string EnterIdentitySql = """
        INSERT INTO akkafeeds_registry (name, value) VALUES ('store', @identity) ON CONFLICT (name) DO NOTHING
        """;

    protected const string IdentitySql = "SELECT value FROM akkafeeds_registry WHERE name = 'store'";

    protected abstract DbConnection Open();

    /// <summary>Makes the registry's table where it is missing, and enters format and identity.</summary>
    protected abstract void Lay();

    /// <summary>Enters format and identity into the registry's table.</summary>
    protected static void Enter(DbConnection connection)
    {
        Execute(connection, EnterFormatSql);
        using var command = connection.CreateCommand();
        command.CommandText = EnterIdentitySql;
        AddParameter(command, "@identity", Guid.NewGuid().ToString("N"));
        command.ExecuteNonQuery();
    }

    protected static string? Text(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // As above.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar() as string;
    }

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

    private string? Text(string sql)
    {
        using var connection = Open();
        return Text(connection, sql);
    }

    protected static void AddParameter(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
