using System.Globalization;
using Npgsql;

namespace AkkaFeeds.Harness;

/// <summary>
/// A real PostgreSQL of its own: a temporary folder, a free port of the loopback interface, a user with a password.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>
    /// Why a test that needs it is skipped; say it with <c>Skip.If(server is null, ...)</c>.
    /// </summary>
    public const string SkipReason =
        "SKIPPED: no PostgreSQL (install Debian's postgresql, or name its programs' folder by AKKAFEEDS_TEST_POSTGRES)";

    private const string User = "akkafeeds";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly PostgresPrograms programs;
    private readonly TemporaryFolder folder;
    private readonly string[] settings;
    private ChildProcess? process;

    private PostgresServer(PostgresPrograms programs, TemporaryFolder folder, string[] settings)
    {
        this.programs = programs;
        this.folder = folder;
        this.settings = settings;
        Password = Guid.NewGuid().ToString("N");
    }

    /// <summary>Its port, the same over all of its lives.</summary>
    public int Port { get; private set; }

    /// <summary>The password of its one user, a superuser.</summary>
    public string Password { get; }

    /// <summary>Whether it runs.</summary>
    public bool IsRunning => process is { HasExited: false };

    /// <summary>What the server wrote to its log, over all of its lives.</summary>
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    private string Data => folder.File("data");

    private string LogFile => folder.File("log");

    /// <summary>Makes a cluster of databases and starts it; null where PostgreSQL is not installed.</summary>
    /// <param name="settings">Settings of the server, such as <c>max_connections=20</c>.</param>
    public static async Task<PostgresServer?> StartAsync(params string[] settings)
    {
        if (PostgresPrograms.Find() is not { } programs)
        {
            return null;
        }

        var server = new PostgresServer(programs, new TemporaryFolder(), settings);
        try
        {
            await server.InitAsync();
            await server.StartFirstAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Npgsql's connection string of a database.</summary>
    public string ConnectionString(string database = "postgres") => string.Create(
        CultureInfo.InvariantCulture,
        $"Host=127.0.0.1;Port={Port};Database={database};Username={User};Password={Password}");

    /// <summary>Makes an empty database, or a copy of another, and gives its connection string.</summary>
    /// <remarks>A copy ends all the sessions of the one that is copied.</remarks>
    public async Task<string> CreateDatabaseAsync(string database, string? copyOf = null)
    {
        if (copyOf is not null && copyOf != "postgres")
        {
            await DisconnectAsync(copyOf);
        }

        var template = copyOf is null ? "" : $" TEMPLATE \"{copyOf}\"";
        await ExecuteAsync("postgres", $"CREATE DATABASE \"{database}\"{template}");
        return ConnectionString(database);
    }

    /// <summary>Drops a database, whoever is connected to it.</summary>
    public Task DropDatabaseAsync(string database) =>
        ExecuteAsync("postgres", $"DROP DATABASE IF EXISTS \"{database}\" WITH (FORCE)");

    /// <summary>Ends all the sessions of a database.</summary>
    public Task DisconnectAsync(string database) => ExecuteAsync(
        "postgres", $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'");

    /// <summary>Executes statements in a database.</summary>
    public async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = await OpenAsync(database);
#pragma warning disable CA2100 // Tests write this SQL themselves.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Gives the first value that a query gives.</summary>
    public async Task<T?> ScalarAsync<T>(string database, string sql)
    {
        await using var connection = await OpenAsync(database);
#pragma warning disable CA2100 // As above.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    /// <summary>Opens a connection of the caller's own, of no pool.</summary>
    public async Task<NpgsqlConnection> OpenAsync(string database)
    {
        var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false;Timeout=5");
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops it as an operator does (<c>fast</c>), or without a last checkpoint (<c>immediate</c>).</summary>
    public async Task StopAsync(string mode = "fast")
    {
        await programs.RunAsync(folder.FullName, "pg_ctl", "stop", "-w", "-m", mode, "-D", Data);
        await EndedAsync();
    }

    /// <summary>Ends its first process at once (SIGKILL); its children end when they notice. The data stay.</summary>
    public async Task KillAsync()
    {
        if (process is not null)
        {
            await process.KillAsync();
            await EndedAsync();
        }
    }

    /// <summary>Starts it again over the same data and port, and waits until it answers.</summary>
    public async Task RestartAsync()
    {
        if (IsRunning)
        {
            await KillAsync();
        }

        // Children of one that was killed hold its memory for a moment, and the next one refuses to start meanwhile.
        await Waiting.ForAsync(
            async () => await TryStartAsync() ? this : null, "PostgreSQL again", Limit, TimeSpan.FromMilliseconds(50));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            await StopAsync("immediate");
        }

        await EndedAsync();
        folder.Dispose();
    }

    private async Task InitAsync()
    {
        var secret = folder.File("password");
        await File.WriteAllTextAsync(secret, Password);
        await programs.OwnAsync(folder.FullName);
        await programs.RunAsync(
            folder.FullName, "initdb", "-D", Data, "-U", User, "-A", "scram-sha-256", "--pwfile", secret,
            "-E", "UTF8", "--no-locale", "--no-sync", "--no-instructions");
        File.Delete(secret);
    }

    // A port that was free may be taken by somebody before PostgreSQL takes it: another is tried then.
    private async Task StartFirstAsync()
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Port = Ports.Free(1)[0];
            if (await TryStartAsync())
            {
                return;
            }
        }

        throw new InvalidOperationException($"PostgreSQL does not start:\n{Log}");
    }

    private async Task<bool> TryStartAsync()
    {
        string[] all =
        [
            "listen_addresses=127.0.0.1", string.Create(CultureInfo.InvariantCulture, $"port={Port}"),
            "unix_socket_directories=", "shared_buffers=64MB", "max_wal_size=256MB", .. settings,
        ];
        process = programs.Start(
            folder.FullName, LogFile, "postgres", ["-D", Data, .. all.SelectMany(setting => new[] { "-c", setting })]);
        await Waiting.ForAsync(
            async () => process.HasExited || await AnswersAsync() ? this : null, "PostgreSQL", Limit,
            TimeSpan.FromMilliseconds(20));
        if (!process.HasExited)
        {
            return true;
        }

        await EndedAsync();
        return false;
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = await OpenAsync("postgres");
            return true;
        }
        catch (NpgsqlException)
        {
            // Not yet; a server that cannot start ends, and that is seen.
            return false;
        }
    }

    private async Task EndedAsync()
    {
        if (process is not null)
        {
            await process.DisposeAsync();
            process = null;
        }
    }
}
