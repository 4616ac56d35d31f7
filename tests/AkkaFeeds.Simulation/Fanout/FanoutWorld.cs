using AkkaFeeds.Contracts;

namespace AkkaFeeds.Simulation.Fanout;

/// <summary>Time, chance, what is under way, and what was counted, of one history.</summary>
internal sealed class FanoutWorld(ulong seed, FanoutDefect defect, bool tracing)
{
    private readonly PriorityQueue<Action, (long At, long Order)> due = new();
    private long order;
    private int names;

    public Rng Rng { get; } = new(seed);

    public FanoutDefect Defect { get; } = defect;

    /// <summary>Milliseconds since the history began.</summary>
    public long Now { get; private set; }

    public TimeSpan Time => TimeSpan.FromMilliseconds(Now + 60_000);

    /// <summary>Whether faults still happen.</summary>
    public bool Faulty { get; set; } = true;

    public long[] Counts { get; } = new long[Enum.GetValues<FanoutHappening>().Length];

    public List<string> Trace { get; } = [];

    /// <summary>What each version of each collection was, as the first client held it that was sent it.</summary>
    public Dictionary<(string Epoch, long Version), string> Contents { get; } = [];

    /// <summary>What each mark of a slot named, as it was first told.</summary>
    public Dictionary<(SlotId Slot, RowsQuery Query, string Mark), string> Marks { get; } = [];

    /// <summary>A name that no other has.</summary>
    public string NextName(string prefix) => $"{prefix}{++names}";

    public void Count(FanoutHappening happening) => Counts[(int)happening]++;

    public void Note(string text)
    {
        if (tracing)
        {
            Trace.Add($"{Now,6} {text}");
        }
    }

    public void After(long milliseconds, Action action) =>
        due.Enqueue(action, (Now + Math.Max(0, milliseconds), order++));

    public void Every(long milliseconds, Action action) => After(milliseconds, () =>
    {
        action();
        Every(milliseconds, action);
    });

    public void RunUntil(long end)
    {
        while (due.TryPeek(out var action, out var when) && when.At <= end)
        {
            due.Dequeue();
            Now = when.At;
            action();
        }

        Now = end;
    }
}
