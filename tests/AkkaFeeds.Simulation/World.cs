namespace AkkaFeeds.Simulation;

/// <summary>
/// Virtual time, chance, the trace and the counters of one history. Events at one instant keep their order.
/// </summary>
internal sealed class World
{
    private readonly PriorityQueue<Action, (long At, long Order)> queue = new();
    private readonly List<string>? trace;
    private long order;

    public World(ulong seed, Defect defect, bool tracing)
    {
        Rng = new Rng(Rng.Mix(seed + 1));
        Plan = new Plan(Rng);
        Defect = defect;
        trace = tracing ? [] : null;
    }

    public Rng Rng { get; }

    public Plan Plan { get; }

    public Defect Defect { get; }

    public long Now { get; private set; }

    /// <summary>Whether faults happen; they stop before the history is asked for its end.</summary>
    public bool IsRough { get; set; } = true;

    public long[] Counts { get; } = new long[Enum.GetValues<Happening>().Length];

    public bool Tracing => trace is not null;

    public IReadOnlyList<string> Trace => trace ?? [];

    public void Count(Happening happening, long count = 1) => Counts[(int)happening] += count;

    public void Log(string line) => trace?.Add($"{Now,7}  {line}");

    public void After(long delay, Action action) => queue.Enqueue(action, (Now + delay, order++));

    /// <summary>An action that comes again for as long as it returns true.</summary>
    public void Every(long interval, Func<bool> action) => After(interval, () =>
    {
        if (action())
        {
            Every(interval, action);
        }
    });

    /// <summary>Runs the next event; false when there is none.</summary>
    public bool Step()
    {
        if (!queue.TryDequeue(out var action, out var when))
        {
            return false;
        }

        Now = when.At;
        action();
        return true;
    }
}
