using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AkkaFeeds.Chaos.Traffic;
using AkkaFeeds.Harness;
using AkkaFeeds.LogOracle;

namespace AkkaFeeds.Chaos.World;

/// <summary>
/// One node over all the lives of its process: its file, its proxies, its log; and the supervisor that starts it again
/// when it ended by itself.
/// </summary>
internal sealed class ChaosNode : IAsyncDisposable
{
    private static readonly TimeSpan ReadyMax = TimeSpan.FromSeconds(120);

    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly List<int> exits = [];
    private readonly string logFile;
    private readonly StreamWriter log;
    private volatile ServerProcess? server;
    private bool isClosed;

    public ChaosNode(string name, ServerSite site, string logFile, TcpProxy? cluster)
    {
        Name = name;
        Site = site;
        Cluster = cluster;
        this.logFile = logFile;
        log = new StreamWriter(logFile, append: true) { AutoFlush = true };
        EdgeProxy = new TcpProxy(site.Http.Port);
        Edge = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{EdgeProxy.Port}/"));
    }

    public string Name { get; }

    public ServerSite Site { get; }

    /// <summary>What the other nodes reach it through; null for one that is alone.</summary>
    public TcpProxy? Cluster { get; }

    /// <summary>What clients reach it through.</summary>
    public TcpProxy EdgeProxy { get; }

    /// <summary>Where clients connect.</summary>
    public Uri Edge { get; }

    /// <summary>Since when this life runs; the one with the least is the youngest.</summary>
    public TimeSpan Age => server?.Age ?? TimeSpan.Zero;

    public bool IsRunning => server is { Process.HasExited: false };

    /// <summary>Whether it shall be started again when it ends by itself.</summary>
    public bool IsSupervised { get; set; } = true;

    /// <summary>In how many lines of its log, over all its lives, a text stands.</summary>
    public int LinesWith(string text)
    {
        lock (log)
        {
            using var file = new StreamReader(new FileStream(
                logFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            var count = 0;
            while (file.ReadLine() is { } line)
            {
                count += line.Contains(text, StringComparison.Ordinal) ? 1 : 0;
            }

            return count;
        }
    }

    /// <summary>Exit codes of the times when it ended by itself.</summary>
    public IReadOnlyList<int> Exits => exits;

    public ServerProcess Server => server ?? throw new InvalidOperationException($"{Name} does not run");

    public void Start()
    {
        lock (log)
        {
            log.WriteLine($"=== started {DateTime.UtcNow:O}");
        }

        server = ServerProcess.Start(Site, lineRead: Write);
    }

    /// <summary>Waits until it is ready, in this life or, where it ends by itself, in the next one.</summary>
    public Task ReadyAsync() => Waiting.ForAsync(
        async () => IsRunning && await AnswersAsync(new Uri(Site.Admin, "healthz/ready")) ? this : null,
        $"{Name} ready", ReadyMax, TimeSpan.FromMilliseconds(100));

    /// <summary>Ends it as a pulled plug does.</summary>
    public async Task KillAsync()
    {
        if (server is { } running)
        {
            server = null;
            await running.KillAsync();
            await running.DisposeAsync();
        }
    }

    /// <summary>
    /// Asks it to end, as an orchestrator does; gives its exit code, or -1 where it had to be killed.
    /// </summary>
    public async Task<int> StopAsync()
    {
        var running = Server;
        var was = IsSupervised;
        IsSupervised = false;
        var inTime = await running.Process.StopAsync(TimeSpan.FromSeconds(40));
        var code = inTime ? running.Process.ExitCode : -1;
        server = null;
        IsSupervised = was;
        await running.DisposeAsync();
        return code;
    }

    /// <summary>Waits until it has ended by itself; null where it runs on.</summary>
    public async Task<int?> EndedAsync(TimeSpan limit)
    {
        var was = IsSupervised;
        IsSupervised = false;
        var watch = Stopwatch.StartNew();
        while (IsRunning && watch.Elapsed < limit)
        {
            await Waiting.PauseAsync(TimeSpan.FromMilliseconds(50));
        }

        int? code = IsRunning ? null : await CollectAsync();
        IsSupervised = was;
        return code;
    }

    /// <summary>What the supervisor does: a process that ended by itself is started again.</summary>
    public async Task SuperviseAsync()
    {
        if (IsSupervised && server is { Process.HasExited: true })
        {
            await CollectAsync();
            Start();
        }
    }

    /// <summary>What it answers for all keys; null where it does not answer for all of them.</summary>
    public async Task<IReadOnlyList<AnswerLine>?> AnswersAsync(string phase)
    {
        var query = string.Join('&', ChaosFeed.Keys.Select(key => $"key={key}"));
        try
        {
            using var answer = await http.GetAsync(
                new Uri(Site.Http, $"v1/feeds/{ChaosFeed.Main}/snapshots?{query}"));
            if (!answer.IsSuccessStatusCode)
            {
                return null;
            }

            using var snapshots = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
            return [.. snapshots.RootElement.EnumerateArray().Select(each => LineOf(phase, each))];
        }
        catch (Exception gone) when (gone is HttpRequestException or TaskCanceledException or IOException)
        {
            return null;
        }
    }

    /// <summary>The state and the reason that it tells of a key; null where it does not answer.</summary>
    public async Task<(string State, string Reason, JsonElement Snapshot)?> StateAsync(string feed, string key)
    {
        try
        {
            var bytes = await http.GetByteArrayAsync(new Uri(Site.Http, $"v1/feeds/{feed}/keys/{key}"));
            using var snapshot = JsonDocument.Parse(bytes);
            var root = snapshot.RootElement.Clone();
            return (root.GetProperty("state").GetString()!,
                root.TryGetProperty("reason", out var reason) ? reason.GetString()! : "", root);
        }
        catch (Exception gone) when (gone is HttpRequestException or TaskCanceledException or IOException)
        {
            return null;
        }
    }

    /// <summary>What it lacks of what is wanted; null when it answers all of it, live.</summary>
    public async Task<string?> DifferenceAsync(IReadOnlyDictionary<(string Key, int Partition), long> wanted)
    {
        if (await AnswersAsync(AnswerLine.Live) is not { } answers)
        {
            return $"{Name} does not answer for all keys";
        }

        var byKey = answers.ToDictionary(answer => answer.Key);
        foreach (var ((key, partition), offset) in wanted)
        {
            var answer = byKey[key];
            if (answer.State != "live")
            {
                return $"{Name}: {key} is {answer.State}";
            }

            var at = answer.Positions.Where(each => each.Partition == partition).Select(each => each.Offset)
                .DefaultIfEmpty(-1).Max();
            if (at < offset)
            {
                return $"{Name}: {key} is at {partition}:{at}, before {offset}";
            }
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        IsSupervised = false;
        await KillAsync();
        await EdgeProxy.DisposeAsync();
        if (Cluster is not null)
        {
            await Cluster.DisposeAsync();
        }

        http.Dispose();
        Site.Dispose();
        lock (log)
        {
            isClosed = true;
            log.Dispose();
        }
    }

    private async Task<bool> AnswersAsync(Uri uri)
    {
        try
        {
            using var answer = await http.GetAsync(uri);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception gone) when (gone is HttpRequestException or TaskCanceledException or IOException)
        {
            return false;
        }
    }

    private async Task<int> CollectAsync()
    {
        var ended = Server;
        var code = ended.Process.ExitCode;
        exits.Add(code);
        server = null;
        await ended.DisposeAsync();
        return code;
    }

    private AnswerLine LineOf(string phase, JsonElement snapshot)
    {
        var data = snapshot.GetProperty("data");
        return new(
            phase, Name, snapshot.GetProperty("key").GetString()!,
            snapshot.GetProperty("state").GetString()!, snapshot.GetProperty("epoch").GetString()!,
            snapshot.GetProperty("version").GetInt64(),
            data.ValueKind == JsonValueKind.Object ? HeldView.Of(data).Text : "null",
            [.. snapshot.GetProperty("pos").EnumerateObject().Select(
                each => (int.Parse(each.Name, CultureInfo.InvariantCulture), each.Value.GetInt64()))]);
    }

    private void Write(string line)
    {
        lock (log)
        {
            if (!isClosed)
            {
                log.WriteLine(line);
            }
        }
    }
}
