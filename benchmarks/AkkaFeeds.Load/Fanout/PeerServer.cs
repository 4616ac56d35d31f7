using System.Globalization;
using System.Text.Json;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Load;

/// <summary>
/// A server of benchmarks/peers: it makes its frames itself, at the rate and of the size that it is told, as soon as
/// the driver says that all have subscribed; it prints its port as a line of JSON.
/// </summary>
internal sealed class PeerServer : IAsyncDisposable
{
    /// <summary>The peers by name.</summary>
    public static readonly string[] Names = ["floor", "signalr", "ws"];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ChildProcess process;
    private readonly string path;

    private PeerServer(ChildProcess process, int port, string protocol, string path)
    {
        this.process = process;
        this.path = path;
        Port = port;
        Protocol = protocol;
    }

    /// <summary>Its process.</summary>
    public int ProcessId => process.Id;

    /// <summary>What its clients speak.</summary>
    public string Protocol { get; }

    /// <summary>Where it listens.</summary>
    public Uri WebSocket => new($"http://127.0.0.1:{Port}{path}");

    private int Port { get; }

    /// <summary>Starts one.</summary>
    public static async Task<PeerServer> StartAsync(
        string name, LoadShape shape, int frameBytes, TemporaryFolder folder)
    {
        string[] options =
        [
            "--rate", shape.UpdatesPerSecond.ToString(CultureInfo.InvariantCulture),
            "--keys", shape.Keys.ToString(CultureInfo.InvariantCulture),
            "--bytes", frameBytes.ToString(CultureInfo.InvariantCulture),
        ];
        return name switch
        {
            "floor" => await StartAsync(await NativeProgram.FloorAsync(folder), options, "akkafeeds", "/"),
            "signalr" => await StartAsync(await SignalRAsync(), options, "signalr", "/hub"),
            _ => await StartAsync("node", [await NodeAsync(name, folder), .. options], "akkafeeds", "/"),
        };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static async Task<PeerServer> StartAsync(
        string program, string[] arguments, string protocol, string path)
    {
        var port = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = ChildProcess.Start(program, arguments, lineRead: line =>
        {
            if (line.StartsWith("{\"port\"", StringComparison.Ordinal))
            {
                using var document = JsonDocument.Parse(line);
                port.TrySetResult(document.RootElement.GetProperty("port").GetInt32());
            }
        });
        try
        {
            return new(process, await port.Task.WaitAsync(Patience), protocol, path);
        }
        catch (TimeoutException)
        {
            var tail = process.Tail;
            await process.DisposeAsync();
            throw new InvalidOperationException($"{program} told no port\n{tail}");
        }
    }

    private static string Folder(string name) => Path.Combine(ServerBinary.Root, "benchmarks", "peers", name);

    private static async Task<string> SignalRAsync()
    {
        // Each time: what was built before is not what the driver speaks with, once either has changed.
        await RunAsync("dotnet", ["build", Folder("signalr"), "-c", "Release", "--nologo", "-v", "quiet"]);
        return Path.Combine(Folder("signalr"), "bin", "Release", "net10.0", "SignalRPeer");
    }

    /// <summary>Copies the sources and installs what they name: nothing of others is kept in the repository.</summary>
    private static async Task<string> NodeAsync(string name, TemporaryFolder folder)
    {
        var target = folder.File(name);
        TemporaryFolder.Copy(Folder(name), target);
        await RunAsync("npm", ["install", "--prefix", target, "--no-audit", "--no-fund"]);
        return Path.Combine(target, "server.js");
    }

    private static async Task RunAsync(string program, string[] arguments)
    {
        await using var process = ChildProcess.Start(program, arguments);
        if (await process.ExitAsync(Patience) != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed\n{process.Tail}");
        }
    }
}
