using System.Diagnostics;
using Akka.Dispatch;

namespace AkkaFeeds.Dispatch;

/// <summary>
/// What one worker made ready while nothing else waited. It runs this itself: a change goes from actor to actor and no
/// thread is woken for each. What the running actor told first comes first, the rest behind the end of that chain.
/// </summary>
/// <param name="home">The worker's own executor.</param>
/// <param name="limit">How long it keeps what it has.</param>
internal sealed class WorkerChain(WorkerExecutor home, TimeSpan limit)
{
    // More than that is work for another core.
    private const int LaterMax = 8;

    private readonly Queue<Kept> later = new(LaterMax);
    private Kept? next;

    /// <summary>Takes what was made ready; false where somebody else should.</summary>
    /// <param name="owner">Whom it was given to.</param>
    /// <param name="run">What to run.</param>
    public bool Keeps(WorkerExecutor owner, IRunnable run)
    {
        if (!home.IsIdle)
        {
            return false;
        }

        if (next is null && !owner.IsApart)
        {
            next = new(owner, run);
            return true;
        }

        if (later.Count == LaterMax)
        {
            return false;
        }

        later.Enqueue(new(owner, run));
        return true;
    }

    /// <summary>Runs this and what comes of it, until others wait or its time is up.</summary>
    /// <param name="first">What was waiting.</param>
    public void Run(IRunnable first)
    {
        var begun = Stopwatch.GetTimestamp();
        first.Run();
        while (TryTake() is { } kept)
        {
            var isOver = !home.IsIdle || Stopwatch.GetElapsedTime(begun) > limit;
            if (isOver || kept.Owner.IsApart)
            {
                kept.Owner.Enqueue(kept.Run);
            }
            else
            {
                kept.Run.Run();
            }
        }
    }

    private Kept? TryTake()
    {
        if (next is { } taken)
        {
            next = null;
            return taken;
        }

        return later.TryDequeue(out var waited) ? waited : null;
    }

    private readonly record struct Kept(WorkerExecutor Owner, IRunnable Run);
}
