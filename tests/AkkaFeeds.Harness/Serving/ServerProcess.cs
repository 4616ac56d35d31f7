using System.Diagnostics;

namespace AkkaFeeds.Harness;

/// <summary>One life of <c>akkafeeds serve</c>.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Stopwatch age;

    private ServerProcess(ServerSite site, ChildProcess process, Stopwatch age)
    {
        Process = process;
        this.age = age;
        Client = new ServerClient(site.Http, site.Admin);
    }

    /// <summary>The process.</summary>
    public ChildProcess Process { get; }

    /// <summary>Asks it.</summary>
    public ServerClient Client { get; }

    /// <summary>Since when it was started.</summary>
    public TimeSpan Age => age.Elapsed;

    /// <summary>Starts the process and waits for nothing.</summary>
    public static ServerProcess Start(
        ServerSite site, IEnumerable<KeyValuePair<string, string>>? environment = null,
        Action<string>? lineRead = null)
    {
        var age = Stopwatch.StartNew();
        var process = ChildProcess.Start(ServerBinary.Path, ["serve", site.File], environment, lineRead);
        return new(site, process, age);
    }

    /// <summary>Starts the process and waits until it says that it is ready.</summary>
    public static async Task<ServerProcess> StartReadyAsync(
        ServerSite site, IEnumerable<KeyValuePair<string, string>>? environment = null,
        Action<string>? lineRead = null)
    {
        var server = Start(site, environment, lineRead);
        try
        {
            await server.ReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until <c>/healthz/ready</c> answers 200, and tells how old the process was then.</summary>
    public async Task<TimeSpan> ReadyAsync(TimeSpan? every = null)
    {
        await Waiting.ForAsync(
            async () => AsLongAsItRuns(await Client.IsReadyAsync()) ? this : null,
            "ready", Patience, every ?? TimeSpan.FromMilliseconds(20));
        return age.Elapsed;
    }

    /// <summary>Waits until the metrics satisfy a condition.</summary>
    /// <exception cref="TimeoutException">They did not in time; it says what they were at last.</exception>
    public async Task<Metrics> MetricsAsync(
        Func<Metrics, bool> condition, string what, TimeSpan limit, TimeSpan? every = null)
    {
        Metrics? last = null;
        try
        {
            return await Waiting.ForAsync(
                async () =>
                {
                    last = await Client.MetricsAsync();
                    return AsLongAsItRuns(last is not null) && condition(last!) ? last : null;
                },
                what, limit, every ?? TimeSpan.FromMilliseconds(50));
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}\n{last?.Interesting}\n{Process.Tail}", late);
        }
    }

    /// <summary>Ends it at once.</summary>
    public Task KillAsync() => Process.KillAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Process.DisposeAsync();
    }

    /// <summary>
    /// A process that has ended will not fulfil anything: that is told at once, with its last words.
    /// </summary>
    private bool AsLongAsItRuns(bool answer) => !Process.HasExited
        ? answer
        : throw new InvalidOperationException($"the server ended with {Process.ExitCode}\n{Process.Tail}");
}
