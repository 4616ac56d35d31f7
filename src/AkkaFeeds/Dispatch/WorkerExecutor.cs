using System.Collections.Concurrent;
using System.Globalization;
using Akka.Dispatch;

namespace AkkaFeeds.Dispatch;

/// <summary>
/// Threads of one dispatcher that sleep as soon as there is nothing to run. Akka's own pool yields some fifty times
/// before it sleeps, and the runtime's likewise: where threads are more than cores, that is time of those that have
/// something to do (docs/performance.md: a sixth of the processor time of a busy node).
/// </summary>
internal sealed class WorkerExecutor : ExecutorService
{
    private readonly ConcurrentQueue<IRunnable> waiting = new();
    private readonly object gate = new();
    private int sleeping;
    private bool isShut;

    /// <summary>Starts the threads.</summary>
    /// <param name="id">The dispatcher's name, and that of its threads.</param>
    /// <param name="threads">How many.</param>
    public WorkerExecutor(string id, int threads)
        : base(id)
    {
        for (var index = 0; index < threads; index++)
        {
            new Thread(Run)
            {
                IsBackground = true,
                Name = string.Create(CultureInfo.InvariantCulture, $"{id}_{index + 1}"),
            }.Start();
        }
    }

    /// <inheritdoc/>
    public override void Execute(IRunnable run)
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
            Monitor.PulseAll(gate);
        }
    }

    private void Wake()
    {
        lock (gate)
        {
            if (sleeping > 0)
            {
                sleeping--;
                Monitor.Pulse(gate);
            }
        }
    }

    private void Run()
    {
        while (true)
        {
            if (waiting.TryDequeue(out var next))
            {
                next.Run();
            }
            else if (!Sleep())
            {
                return;
            }
        }
    }

    private bool Sleep()
    {
        lock (gate)
        {
            Interlocked.Increment(ref sleeping);
            if (!waiting.IsEmpty)
            {
                sleeping--;
                return true;
            }

            if (isShut)
            {
                return false;
            }

            Monitor.Wait(gate);
            return true;
        }
    }
}
