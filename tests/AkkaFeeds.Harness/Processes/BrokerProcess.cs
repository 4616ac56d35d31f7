using Confluent.Kafka;

namespace AkkaFeeds.Harness;

/// <summary>One real Apache Kafka broker on the loopback interface, from KAFKA_HOME; its data goes with it.</summary>
public sealed class BrokerProcess : IAsyncDisposable
{
    private readonly TemporaryFolder data;
    private readonly ChildProcess process;

    private BrokerProcess(TemporaryFolder data, ChildProcess process, int port)
    {
        this.data = data;
        this.process = process;
        Brokers = $"127.0.0.1:{port}";
    }

    /// <summary>The folder with start.sh, or null where KAFKA_HOME names none.</summary>
    public static string? Home
    {
        get
        {
            var home = Environment.GetEnvironmentVariable("KAFKA_HOME");
            return home is { Length: > 0 } && File.Exists(Path.Combine(home, "start.sh")) ? home : null;
        }
    }

    /// <summary>host:port.</summary>
    public string Brokers { get; }

    /// <summary>The process id.</summary>
    public int Id => process.Id;

    /// <summary>Starts a broker and returns when it answers.</summary>
    public static async Task<BrokerProcess> StartAsync(CancellationToken cancellation = default)
    {
        var home = Home ?? throw new InvalidOperationException("KAFKA_HOME names no folder with start.sh");
        var port = Ports.FreePair();
        var data = new TemporaryFolder();
        var process = ChildProcess.Start("bash", [Path.Combine(home, "start.sh"), data.FullName, $"{port}"]);
        var broker = new BrokerProcess(data, process, port);
        try
        {
            await Waiting.ForAsync(
                () => Task.FromResult(broker.Answers() ? broker : null),
                "the broker's first answer", TimeSpan.FromSeconds(60), TimeSpan.FromMilliseconds(200), cancellation);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        data.Dispose();
    }

    private bool Answers()
    {
        if (process.HasExited)
        {
            throw new InvalidOperationException($"the broker ended with {process.ExitCode}\n{process.Tail}");
        }

        try
        {
            using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Brokers })
                .SetLogHandler((_, _) => { })
                .Build();
            return admin.GetMetadata(TimeSpan.FromSeconds(2)).Brokers.Count > 0;
        }
        catch (KafkaException)
        {
            return false;
        }
    }
}
