namespace AkkaFeeds.Harness;

/// <summary>
/// PostgreSQL's own programs, and the user that runs them: they refuse root, so root gives them to another user.
/// </summary>
internal sealed class PostgresPrograms
{
    private const string DebianVersions = "/usr/lib/postgresql";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string folder;
    private readonly (string User, string Group)? other;

    private PostgresPrograms(string folder, (string User, string Group)? other)
    {
        this.folder = folder;
        this.other = other;
    }

    /// <summary>
    /// Where they are: AKKAFEEDS_TEST_POSTGRES, else Debian's newest, else the PATH; null for nowhere.
    /// </summary>
    public static PostgresPrograms? Find() => Folder() is { } found ? new(found, Other()) : null;

    /// <summary>Gives a folder to the user that runs the programs.</summary>
    public async Task OwnAsync(string path)
    {
        if (other is var (user, group))
        {
            await RunAsync(ChildProcess.Start("chown", ["-R", $"{user}:{group}", path]), "chown");
        }
    }

    /// <summary>Runs one to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; with what it said.</exception>
    public Task RunAsync(string home, string program, params string[] arguments) =>
        RunAsync(Start(home, "", program, arguments), program);

    /// <summary>Starts one that stays; the process id is the program's own.</summary>
    /// <param name="home">Its folder, and where it stands.</param>
    /// <param name="log">
    /// The file that it writes to. A pipe would be held open by its children after it was killed.
    /// </param>
    /// <param name="program">Which.</param>
    /// <param name="arguments">Its arguments.</param>
    public ChildProcess Start(string home, string log, string program, params string[] arguments)
    {
        const string Script = "cd \"$1\" && if [ -n \"$2\" ]; then exec >>\"$2\" 2>&1; fi; shift 2; exec \"$@\"";
        string[] asUser = other is var (user, group)
            ? ["setpriv", $"--reuid={user}", $"--regid={group}", "--clear-groups", "--"]
            : [];
        string[] all = [.. asUser, "sh", "-c", Script, "sh", home, log, Path.Combine(folder, program), .. arguments];
        return ChildProcess.Start(all[0], all[1..], [KeyValuePair.Create("HOME", home)]);
    }

    private static async Task RunAsync(ChildProcess process, string program)
    {
        await using (process)
        {
            var code = await process.ExitAsync(Patience);
            if (code != 0)
            {
                throw new InvalidOperationException($"{program} ended with {code}:\n{process.Tail}");
            }
        }
    }

    private static string? Folder()
    {
        if (Environment.GetEnvironmentVariable("AKKAFEEDS_TEST_POSTGRES") is { Length: > 0 } named)
        {
            return HasAll(named) ? named
                : throw new FileNotFoundException($"AKKAFEEDS_TEST_POSTGRES: {named}: no initdb and postgres in it");
        }

        var debian = Directory.Exists(DebianVersions) ? Directory.EnumerateDirectories(DebianVersions) : [];
        return debian.OrderByDescending(NumberOf).Select(version => Path.Combine(version, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(HasAll);
    }

    private static int NumberOf(string version) =>
        int.TryParse(Path.GetFileName(version), out var number) ? number : 0;

    private static bool HasAll(string folder) =>
        File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres"));

    /// <summary>For root: Debian's user for it, else nobody.</summary>
    private static (string User, string Group)? Other()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return null;
        }

        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(parts => parts.Length > 3)
            .ToDictionary(parts => parts[0], parts => (parts[2], parts[3]));
        return users.TryGetValue("postgres", out var postgres) ? postgres
            : users.TryGetValue("nobody", out var nobody) ? nobody
            : ("65534", "65534");
    }
}
