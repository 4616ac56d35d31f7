using System.Net.WebSockets;
using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Conformance;

/// <summary>
/// A client on one transport: it connects, shows what comes, and connects again by itself with what it holds. Each
/// transport fills in how a connection is read.
/// </summary>
internal abstract class Viewer : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan BetweenConnections = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromMilliseconds(10);

    private readonly Dictionary<string, List<Shown>> history = [];
    private readonly Lock gate = new();
    private readonly CancellationTokenSource ended = new();
    private CancellationTokenSource connection = new();
    private TaskCompletionSource? held;
    private ShownRows? rows;
    private Task running = Task.CompletedTask;

    protected Viewer(Uri http, Watched watched)
    {
        Http = http;
        Watched = watched;
    }

    protected Uri Http { get; }

    protected Watched Watched { get; }

    /// <summary>Whether it says what it holds when it comes back.</summary>
    public virtual bool Resumes => false;

    /// <summary>How many connections there were.</summary>
    public int Connections { get; private set; }

    /// <summary>
    /// How many subscribes were answered by <c>resumed</c>; always 0 where a transport knows no such thing.
    /// </summary>
    public int Resumed { get; protected set; }

    /// <summary>How many <c>progress</c> frames came.</summary>
    public int Progresses { get; protected set; }

    /// <summary>Why a connection ended against the rules; null while none has.</summary>
    public string? Wrong { get; private set; }

    /// <summary>Begins.</summary>
    public Viewer Start()
    {
        running = RunAsync();
        return this;
    }

    /// <summary>What was shown of a key, in order.</summary>
    public IReadOnlyList<Shown> HistoryOf(string key)
    {
        lock (gate)
        {
            return [.. history.GetValueOrDefault(key) ?? []];
        }
    }

    /// <summary>What was shown first that satisfies a condition.</summary>
    public Task<Shown> UntilAsync(
        string key, Predicate<Shown> condition, string what, TimeSpan? limit = null) => Waiting.ForAsync(
        () => Task.FromResult(HistoryOf(key) is [.., var last] && condition(last) ? last : null),
        $"{GetType().Name}: {key} {what}", limit ?? Limit, BetweenQuestions,
        () => $"{string.Join('\n', HistoryOf(key).TakeLast(3))}\n{Wrong}");

    /// <summary>Waits until the collection is as it should be.</summary>
    public Task<ShownRows> UntilRowsAsync(Predicate<ShownRows> condition, string what) => Waiting.ForAsync(
        () =>
        {
            lock (gate)
            {
                return Task.FromResult(rows is not null && condition(rows) ? rows : null);
            }
        },
        $"{GetType().Name}: rows {what}", Limit, BetweenQuestions, () => $"{rows?.Text}\n{Wrong}");

    /// <summary>
    /// Breaks the connection, as a pulled cable does, and holds the next one off until <see cref="Go"/>.
    /// </summary>
    public async Task CutAsync()
    {
        Hold();
        await connection.CancelAsync();
    }

    /// <summary>Reads nothing more until <see cref="Go"/>; the connection stays.</summary>
    public void Hold() => held ??= new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Goes on.</summary>
    public void Go()
    {
        var waiting = held;
        held = null;
        waiting?.SetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        Go();
        await running;
        await EndAsync();
        ended.Dispose();
        connection.Dispose();
    }

    /// <summary>Reads one connection until it ends, and tells what it shows.</summary>
    protected abstract Task ReadAsync(CancellationToken cancellation);

    /// <summary>Gives back what the transport holds over connections.</summary>
    protected virtual ValueTask EndAsync() => ValueTask.CompletedTask;

    /// <summary>Waits while the reader is held.</summary>
    protected Task MayReadAsync() => held?.Task ?? Task.CompletedTask;

    protected void Show(string key, Shown shown)
    {
        lock (gate)
        {
            if (!history.TryGetValue(key, out var list))
            {
                history.Add(key, list = []);
            }

            if (list.Count == 0 || list[^1] != shown)
            {
                list.Add(shown);
            }
        }
    }

    protected void Show(ShownRows shown)
    {
        lock (gate)
        {
            if (rows is { } before && before.Epoch == shown.Epoch && (shown.Version < before.Version
                || (shown.Version == before.Version && shown.Data != before.Data)))
            {
                Wrong ??= $"version {before.Version}\n{before.Data}\nand then {shown.Version}\n{shown.Data}";
            }

            rows = shown;
        }
    }

    private async Task RunAsync()
    {
        while (!ended.IsCancellationRequested)
        {
            await MayReadAsync();
            connection.Dispose();
            connection = CancellationTokenSource.CreateLinkedTokenSource(ended.Token);
            try
            {
                Connections++;
                await ReadAsync(connection.Token);
            }
            catch (Exception end) when (end is IOException or HttpRequestException or WebSocketException
                or OperationCanceledException)
            {
                // It broke; the next one follows.
            }
            catch (Exception wrong)
            {
                Wrong = wrong.ToString();
                return;
            }

            await Waiting.PauseAsync(BetweenConnections);
        }
    }
}
