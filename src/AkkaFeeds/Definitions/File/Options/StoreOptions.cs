namespace AkkaFeeds.Definitions.Files;

/// <summary>What keeps the state.</summary>
public enum StoreKind
{
    /// <summary>A SQLite file.</summary>
    Sqlite,

    /// <summary>A PostgreSQL database.</summary>
    Postgres,

    /// <summary>SQLite in a folder that is deleted at exit.</summary>
    Temporary,
}

/// <summary><c>store</c>: where checkpoints, ledgers and generations are durable.</summary>
public sealed record StoreOptions
{
    /// <summary>The kind of store; default SQLite, with the embedded Kafka temporary.</summary>
    public StoreKind Kind { get; init; } = StoreKind.Sqlite;

    /// <summary>The database file, absolute once the file is loaded; empty unless SQLite.</summary>
    public string Path { get; init; } = "data/akkafeeds.db";

    /// <summary>Npgsql's connection string, which may hold a password; empty unless PostgreSQL.</summary>
    public string ConnectionString { get; init; } = "";

    /// <summary>As in the file, with the password masked.</summary>
    public override string ToString() => Kind switch
    {
        StoreKind.Sqlite => $"sqlite:{Path}",
        StoreKind.Postgres => $"postgres:{Secrets.Mask("store", ConnectionString)}",
        _ => "temporary",
    };
}
