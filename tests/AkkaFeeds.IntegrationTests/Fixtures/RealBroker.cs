using System.Diagnostics;
using System.Runtime.InteropServices;
using AkkaFeeds.Harness;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace AkkaFeeds.IntegrationTests.Fixtures;

/// <summary>
/// One real Apache Kafka broker for one test class: started by <c>KAFKA_HOME/start.sh</c> on a free port of the
/// loopback interface, or the running one that <c>AKKAFEEDS_TEST_KAFKA=host:port</c> names (which cannot be killed or
/// suspended).
/// </summary>
public sealed class RealBroker : IAsyncDisposable
{
    private const int SignalContinue = 18;
    private const int SignalStop = 19;
    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(90);

    private readonly string? home;
    private readonly string? dataDirectory;
    private readonly int port;
    private readonly string machine;
    private readonly int proxiedPort;
    private Process? process;

    private RealBroker(
        string bootstrapServers, string? home, string? dataDirectory, int port, string machine, bool isProxied = false)
    {
        BootstrapServers = bootstrapServers;
        this.machine = machine;
        if (isProxied)
        {
            proxiedPort = Ports.Free(1)[0];
            Proxy = new TcpProxy(proxiedPort, KafkaOrigin.Read);
        }

        this.home = home;
        this.dataDirectory = dataDirectory;
        this.port = port;
    }

    /// <summary>
    /// Why a test that needs the broker is skipped; say it with <c>Skip.If(broker is null, ...)</c>.
    /// </summary>
    public const string SkipReason =
        "SKIPPED: no real broker (set KAFKA_HOME to a folder with start.sh, or AKKAFEEDS_TEST_KAFKA=host:port)";

    /// <summary>
    /// For a broker that lives a minute or two: Java's optimising compiler takes a third of a core for the first of
    /// them.
    /// </summary>
    public const string BriefMachine = "-Xmx512m -XX:TieredStopAtLevel=1";

    /// <summary>For a broker that shall be as fast as it can.</summary>
    public const string FastMachine = "-Xmx512m";

    /// <summary>Whether the environment names a broker, started or to be started.</summary>
    public static bool IsConfigured => ExternalServers is not null || KafkaHome is not null;

    /// <summary>Whether this broker is a process of ours, so that it can be killed, restarted and suspended.</summary>
    public bool IsOurs => home is not null;

    public string BootstrapServers { get; }

    /// <summary>
    /// Stands before a second listener of a broker that was asked for it: who starts from its port has all of its
    /// connections there, and those that fetch can be held (<see cref="KafkaOrigin"/>). Else null.
    /// </summary>
    public TcpProxy? Proxy { get; }

    private static string? ExternalServers => NullIfEmpty(Environment.GetEnvironmentVariable("AKKAFEEDS_TEST_KAFKA"));

    private static string? KafkaHome
    {
        get
        {
            var configured = NullIfEmpty(Environment.GetEnvironmentVariable("KAFKA_HOME"));
            return configured is null ? null : Resolve(configured);
        }
    }

    /// <summary>Starts a broker and waits until it answers; null where none is configured.</summary>
    /// <param name="machine">Options of its Java machine.</param>
    /// <param name="isProxied">Whether it has a <see cref="Proxy"/>; an external one has none.</param>
    public static async Task<RealBroker?> StartAsync(string machine = BriefMachine, bool isProxied = false)
    {
        if (ExternalServers is { } servers)
        {
            return new RealBroker(servers, null, null, 0, machine);
        }

        if (KafkaHome is not { } kafkaHome)
        {
            return null;
        }

        var dataDirectory = Directory.CreateTempSubdirectory("akkafeeds-kafka-").FullName;
        var port = Ports.FreePair();
        var broker = new RealBroker($"127.0.0.1:{port}", kafkaHome, dataDirectory, port, machine, isProxied);
        try
        {
            await broker.StartProcessAsync();
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }

        return broker;
    }

    /// <summary>Creates a topic and waits until its partitions have leaders.</summary>
    public async Task CreateTopicAsync(string name, int partitions, Dictionary<string, string>? configs = null)
    {
        using var admin = Admin();
        var topic = new TopicSpecification
        {
            Name = name,
            NumPartitions = partitions,
            ReplicationFactor = 1,
            Configs = configs ?? [],
        };
        await admin.CreateTopicsAsync([topic]);
        var deadline = Stopwatch.StartNew();
        while (!await Task.Run(() => HasLeaders(admin, name, partitions)))
        {
            Expect(deadline.Elapsed < ReadyDeadline, $"topic {name} has no leaders after {deadline.Elapsed}");
        }
    }

    /// <summary>Ends the broker like a power cut of its process (SIGKILL); its data stays.</summary>
    public async Task KillAsync()
    {
        var running = Running();
        running.Kill();
        await running.WaitForExitAsync();
        running.Dispose();
        process = null;
    }

    /// <summary>Starts the broker again over the same data and port; kills it first where it still runs.</summary>
    public async Task RestartAsync()
    {
        if (process is not null)
        {
            await KillAsync();
        }

        Expect(IsOurs, "an external broker cannot be restarted");
        await StartProcessAsync();
    }

    /// <summary>Freezes the broker (SIGSTOP): its sockets stay open and nothing answers.</summary>
    public Task SuspendAsync() => SignalAsync(SignalStop);

    /// <summary>Thaws the broker (SIGCONT).</summary>
    public Task ResumeAsync() => SignalAsync(SignalContinue);

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await KillAsync();
        }

        if (Proxy is not null)
        {
            await Proxy.DisposeAsync();
        }

        if (dataDirectory is not null)
        {
            Directory.Delete(dataDirectory, recursive: true);
        }
    }

    private static string? NullIfEmpty(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;

    // A relative KAFKA_HOME is meant from the repository's root, wherever the test host was started.
    private static string Resolve(string configured)
    {
        if (Path.IsPathRooted(configured))
        {
            return configured;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AkkaFeeds.sln")))
            {
                return Path.GetFullPath(Path.Combine(folder.FullName, configured));
            }
        }

        return Path.GetFullPath(configured);
    }

    private static bool HasLeaders(IAdminClient admin, string topic, int partitions)
    {
        var found = admin.GetMetadata(topic, TimeSpan.FromSeconds(5)).Topics.SingleOrDefault();
        return found is not null && found.Partitions.Count == partitions
            && found.Partitions.All(each => each.Leader >= 0);
    }

    private static void Expect(bool condition, string failure)
    {
        if (!condition)
        {
            throw new InvalidOperationException(failure);
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int processId, int signal);

    private IAdminClient Admin() =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = BootstrapServers })
        .SetLogHandler((_, _) => { })
        .SetErrorHandler((_, _) => { })
        .Build();

    // start.sh appends the file to its own settings, and of two lines with one name Kafka takes the last.
    private string WriteListeners()
    {
        var file = Path.Combine(dataDirectory!, "listeners.properties");
        File.WriteAllText(file, $"""
            listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{port + 1},PROXIED://127.0.0.1:{proxiedPort}
            advertised.listeners=PLAINTEXT://127.0.0.1:{port},PROXIED://127.0.0.1:{Proxy!.Port}
            listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXIED:PLAINTEXT

            """);
        return file;
    }

    private Process Running() => process
        ?? throw new InvalidOperationException(
            "the broker does not run, or is an external one that tests must not end");

    private Task SignalAsync(int signal)
    {
        var result = SendSignal(Running().Id, signal);
        Expect(result == 0, $"signal {signal}: error {Marshal.GetLastPInvokeError()}");
        return Task.CompletedTask;
    }

    private async Task StartProcessAsync()
    {
        var start = new ProcessStartInfo("bash")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["KAFKA_HEAP"] = machine;
        if (Proxy is not null)
        {
            start.Environment["KAFKA_EXTRA"] = WriteListeners();
        }

        start.ArgumentList.Add(Path.Combine(home!, "start.sh"));
        start.ArgumentList.Add(dataDirectory!);
        start.ArgumentList.Add(port.ToString(System.Globalization.CultureInfo.InvariantCulture));

        // start.sh replaces itself by the broker (exec), so that this process id is the broker's.
        process = Process.Start(start) ?? throw new InvalidOperationException("start.sh did not start");
        var lastLines = new Queue<string>();
        process.OutputDataReceived += (_, line) => Keep(lastLines, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(lastLines, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        using var admin = Admin();
        var waited = Stopwatch.StartNew();
        while (!await Task.Run(() => Answers(admin)))
        {
            Expect(
                !process.HasExited && waited.Elapsed < ReadyDeadline,
                $"the broker is not ready after {waited.Elapsed}:\n{Text(lastLines)}");
        }
    }

    // The metadata request itself waits (librdkafka reconnects with back-off meanwhile), so nothing here needs to
    // sleep.
    private static bool Answers(IAdminClient admin)
    {
        try
        {
            return admin.GetMetadata(TimeSpan.FromSeconds(1)).Brokers.Count > 0;
        }
        catch (KafkaException)
        {
            return false;
        }
    }

    private static void Keep(Queue<string> lines, string? line)
    {
        lock (lines)
        {
            if (line is not null)
            {
                lines.Enqueue(line);
            }

            while (lines.Count > 50)
            {
                lines.Dequeue();
            }
        }
    }

    private static string Text(Queue<string> lines)
    {
        lock (lines)
        {
            return string.Join('\n', lines);
        }
    }
}
