using System.Globalization;
using System.Text.Json;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Load;

/// <summary>A life of the driver: subscribed, counting, result.</summary>
internal sealed class LoadDriver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Dictionary<string, TaskCompletionSource<string>> events = new(StringComparer.Ordinal)
    {
        ["subscribed"] = new(TaskCreationOptions.RunContinuationsAsynchronously),
        ["counting"] = new(TaskCreationOptions.RunContinuationsAsynchronously),
        ["result"] = new(TaskCreationOptions.RunContinuationsAsynchronously),
    };

    private readonly ChildProcess process;
    private long held = -1;

    private LoadDriver(string program, IEnumerable<string> arguments) =>
        process = ChildProcess.Start(program, arguments, lineRead: OnLine);

    /// <summary>Starts it.</summary>
    /// <param name="program">The compiled driver.</param>
    /// <param name="server">The server's address and path.</param>
    /// <param name="protocol">akkafeeds or signalr.</param>
    /// <param name="shape">What it asks for.</param>
    /// <param name="begin">It tells the server when all have subscribed: a peer makes its load itself.</param>
    public static LoadDriver Start(
        string program, Uri server, string protocol, LoadShape shape, bool begin = false) => new(
        program,
        [
            "--host", server.Host, "--port", Text(server.Port), "--path", server.AbsolutePath, "--protocol", protocol,
            "--connections", Text(shape.Connections), "--subscriptions", Text(shape.Subscriptions),
            "--keys", Text(shape.Keys), "--slow", Text(shape.SlowConnections),
            "--slow-bytes", Text(shape.SlowBytesPerSecond), "--marks", shape.Marks ? "1" : "0",
            "--check", shape.Check ? "1" : "0", "--storm", shape.Staying is null ? "0" : "1",
            "--stay", Text(shape.Staying ?? 0), "--begin", begin ? "1" : "0", "--warm", Text(shape.Warm.TotalSeconds),
            "--seconds", Text(shape.Measured.TotalSeconds),
        ]);

    /// <summary>The sum of the counts that all connections hold, as last told; only with checks.</summary>
    public long Held => Interlocked.Read(ref held);

    /// <summary>Every subscription has been answered.</summary>
    public Task SubscribedAsync() => EventAsync("subscribed", Patience);

    /// <summary>It counts from now on.</summary>
    public Task CountingAsync() => EventAsync("counting", Patience);

    /// <summary>It has counted.</summary>
    public async Task<DriverResult> ResultAsync(TimeSpan measured)
    {
        var line = await EventAsync("result", measured + Patience);
        return JsonSerializer.Deserialize<DriverResult>(line, Json)
            ?? throw new InvalidOperationException($"the driver's result is empty: {line}");
    }

    /// <summary>Ends the counting now.</summary>
    public async Task<DriverResult> StopAsync()
    {
        await process.StopAsync(Patience);
        return await ResultAsync(TimeSpan.Zero);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => process.DisposeAsync();

    private async Task<string> EventAsync(string name, TimeSpan limit)
    {
        var came = events[name].Task;
        var ended = process.ExitedAsync();
        if (await Task.WhenAny(came, ended).WaitAsync(limit) == ended && await ended != 0)
        {
            throw new InvalidOperationException($"the load driver failed\n{process.Tail}");
        }

        // The end may be seen before the last line, which comes through a pipe.
        return await came.WaitAsync(limit);
    }

    private void OnLine(string line)
    {
        if (!line.StartsWith('{'))
        {
            return;
        }

        using var document = JsonDocument.Parse(line);
        var name = document.RootElement.GetProperty("event").GetString()!;
        if (name == "held")
        {
            Interlocked.Exchange(ref held, document.RootElement.GetProperty("held").GetInt64());
        }
        else if (events.TryGetValue(name, out var source))
        {
            source.TrySetResult(line);
        }
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
