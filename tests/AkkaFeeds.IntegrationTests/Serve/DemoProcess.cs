using System.Text.Json;
using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Serve;

/// <summary>One life of <c>akkafeeds demo</c> on free ports, with a temporary folder of its own.</summary>
internal sealed class DemoProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(50);

    private readonly TemporaryFolder temporary = new();
    private readonly ChildProcess process;
    private readonly TaskCompletionSource<Uri> url = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ServerClient? client;

    private DemoProcess(params string[] options)
    {
        process = ChildProcess.Start(
            ServerBinary.Path, ["demo", "--http", "127.0.0.1:0", "--admin", "127.0.0.1:0", .. options],
            [new("TMPDIR", temporary.FullName)], Heard);
    }

    /// <summary>Where the edge is.</summary>
    public Uri Url => url.Task.Result;

    /// <summary>What it wrote to stdout.</summary>
    public IReadOnlyList<string> Output => process.Output;

    /// <summary>What it left in its temporary folder.</summary>
    public IReadOnlyList<string> Left => Directory.GetFileSystemEntries(temporary.FullName);

    /// <summary>Starts it and waits for the URL.</summary>
    public static async Task<DemoProcess> StartAsync(params string[] options)
    {
        var demo = new DemoProcess(options);
        try
        {
            var url = await demo.url.Task.WaitAsync(Limit);
            demo.client = new ServerClient(url, url);
            return demo;
        }
        catch (TimeoutException)
        {
            var tail = demo.process.Tail;
            await demo.DisposeAsync();
            throw new TimeoutException($"no URL on stdout:\n{tail}");
        }
    }

    /// <summary>Waits until an airport has more departures than a number, live, and gives how many.</summary>
    public async Task<long> DeparturesAsync(string airport, long moreThan)
    {
        try
        {
            var view = await Waiting.ForAsync(
                async () =>
                {
                    using var answer = await client!.KeyAsync("flights", airport);
                    return Departures(answer.RootElement) is { } count && count > moreThan ? [count] : (long[]?)null;
                },
                $"more than {moreThan} departures of {airport}", Limit, Every);
            return view[0];
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}\n{process.Tail}", late);
        }
    }

    /// <summary>The airports with departures.</summary>
    public Task<IReadOnlyList<string>> AirportsAsync() => client!.KeysAsync("flights");

    /// <summary>Ends it as Ctrl+C does, and gives the exit code.</summary>
    public async Task<int> StopAsync()
    {
        Assert.True(await process.InterruptAsync(TimeSpan.FromSeconds(30)), $"it did not stop:\n{process.Tail}");
        return process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        client?.Dispose();
        await process.DisposeAsync();
        temporary.Dispose();
    }

    private static long? Departures(JsonElement frame) =>
        frame.GetProperty("state").GetString() == "live" && frame.GetProperty("data") is
            { ValueKind: JsonValueKind.Object } data
            ? data.GetProperty("departures").GetInt64()
            : null;

    /// <summary>The lines of stdout and stderr come here; only a URL is one word.</summary>
    private void Heard(string line)
    {
        if (!line.Contains(' ', StringComparison.Ordinal) && Uri.TryCreate(line, UriKind.Absolute, out var found))
        {
            url.TrySetResult(found);
        }
    }
}
