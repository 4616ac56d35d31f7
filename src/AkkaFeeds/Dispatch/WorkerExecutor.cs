using System.Collections.Concurrent;
using System.Globalization;
using Akka.Dispatch;

namespace AkkaFeeds.Dispatch;

/// <summary>
/// Threads of one dispatcher that sleep as soon as there is nothing to run. Akka's own pool yields some fifty times
/// before it sleeps, and the runtime's likewise: where threads are more than cores, that is time of those that have
/// something to do (docs/performance.md: a sixth of the processor time of a busy node). Nor do they wake one another
/// where they need not (<see cref="WorkerChain"/>).
/// </summary>
internal sealed class WorkerExecutor : ExecutorService
{
    [ThreadStatic]
    private static WorkerChain? current;

    private readonly ConcurrentQueue<IRunnable> waiting = new();
    private readonly Lock gate = new();
    private readonly Stack<AutoResetEvent> asleep = new();
    private readonly TimeSpan chainLimit;
    private int sleeping;
    private bool isShut;

    /// <summary>Starts the threads.</summary>
    /// <param name="id">The dispatcher's name, and that of its threads.</param>
    /// <param name="threads">How many.</param>
    /// <param name="isApart">Whether what it runs may block: nobody else runs it, and its threads run nothing
    /// else.</param>
    /// <param name="chainLimit">How long a worker keeps what it made ready.</param>
    public WorkerExecutor(string id, int threads, bool isApart, TimeSpan chainLimit)
        : base(id)
    {
        IsApart = isApart;
        this.chainLimit = chainLimit;
        for (var index = 0; index < threads; index++)
        {
            new Thread(Run)
            {
                IsBackground = true,
                Name = string.Create(CultureInfo.InvariantCulture, $"{id}_{index + 1}"),
            }.Start();
        }
    }

    /// <summary>Whether only its own threads run what it is given.</summary>
    public bool IsApart { get; }

    /// <summary>Whether nothing waits for its threads.</summary>
    public bool IsIdle => waiting.IsEmpty;

    /// <inheritdoc/>
    public override void Execute(IRunnable run)
    {
        if (current is not { } chain || !IsIdle || !chain.Keeps(this, run))
        {
            Enqueue(run);
        }
    }

    /// <summary>Gives it to one of its threads.</summary>
    /// <param name="run">What to run.</param>
    public void Enqueue(IRunnable run)
    {
        waiting.Enqueue(run);

        // A worker counts itself as sleeping before it looks a last time: one of the two sees the other.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref sleeping) > 0)
        {
            Wake();
        }
    }

    /// <inheritdoc/>
    public override void Shutdown()
    {
        lock (gate)
        {
            isShut = true;
        }

        while (Volatile.Read(ref sleeping) > 0)
        {
            Wake();
        }
    }

    // Each has an event of its own, set outside the lock: who wakes at once and needs what its waker still holds falls
    // asleep again.
    private void Wake()
    {
        AutoResetEvent? awake;
        lock (gate)
        {
            if (asleep.TryPop(out awake))
            {
                sleeping--;
            }
        }

        awake?.Set();
    }

    private void Run()
    {
        using var awake = new AutoResetEvent(false);
        var chain = new WorkerChain(this, chainLimit);
        current = IsApart ? null : chain;
        while (true)
        {
            if (waiting.TryDequeue(out var next))
            {
                chain.Run(next);
            }
            else if (!Sleep(awake))
            {
                return;
            }
        }
    }

    private bool Sleep(AutoResetEvent awake)
    {
        lock (gate)
        {
            if (isShut)
            {
                return false;
            }

            asleep.Push(awake);
            Interlocked.Increment(ref sleeping);
            if (!waiting.IsEmpty)
            {
                asleep.Pop();
                sleeping--;
                return true;
            }
        }

        awake.WaitOne();
        return true;
    }
}
