using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Cluster;

/// <summary>One node of a cluster: its file and ports over all of its lives, and the process that runs now.</summary>
internal sealed class ClusterNode(string name, ServerSite site) : IAsyncDisposable
{
    private readonly List<string> errors = [];
    private ServerProcess? server;

    public string Name => name;

    public Uri Http => site.Http;

    public bool IsRunning => server is { Process.HasExited: false };

    public ServerProcess Server => server ?? throw new InvalidOperationException($"node {name} does not run");

    /// <summary>Lines of its log that tell of a message without a manifest, or of one that was too large.</summary>
    public IReadOnlyList<string> Refused
    {
        get
        {
            lock (errors)
            {
                return [.. errors];
            }
        }
    }

    /// <summary>What the admin port answers; nothing where the process does not listen yet.</summary>
    public async Task<string> AdminAsync(string path)
    {
        using var client = new HttpClient { BaseAddress = site.Admin };
        try
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            return await answer.Content.ReadAsStringAsync();
        }
        catch (HttpRequestException)
        {
            return "";
        }
    }

    public void Start() => server = ServerProcess.Start(site, lineRead: Read);

    public async Task StartReadyAsync()
    {
        Start();
        await Server.ReadyAsync();
    }

    /// <summary>Ends it as a pulled plug does.</summary>
    public async Task KillAsync()
    {
        await Server.KillAsync();
        await Server.DisposeAsync();
        server = null;
    }

    /// <summary>Asks it to end, as an orchestrator does; gives its exit code.</summary>
    public async Task<int> StopAsync()
    {
        var inTime = await Server.Process.StopAsync(TimeSpan.FromSeconds(30));
        Assert.True(inTime, $"node {name} did not stop within 30 s\n{Server.Process.Tail}");
        var code = Server.Process.ExitCode;
        await Server.DisposeAsync();
        server = null;
        return code;
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        site.Dispose();
    }

    private void Read(string line)
    {
        if (line.Contains("has no serializer", StringComparison.Ordinal)
            || line.Contains("has no manifest", StringComparison.Ordinal)
            || line.Contains("Oversized", StringComparison.OrdinalIgnoreCase))
        {
            lock (errors)
            {
                errors.Add($"{name}: {line}");
            }
        }
    }
}
