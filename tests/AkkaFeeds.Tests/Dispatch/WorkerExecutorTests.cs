using System.Collections.Concurrent;
using Akka.Dispatch;
using AkkaFeeds.Dispatch;
using Xunit;

namespace AkkaFeeds.Tests.Dispatch;

public sealed class WorkerExecutorTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private static WorkerExecutor Two() => new("test", 2, isApart: false, TimeSpan.FromMilliseconds(1));

    [Fact]
    public void Whatever_several_threads_hand_over_runs_once()
    {
        const int Threads = 4;
        const int Each = 25_000;
        var executor = Two();
        using var left = new CountdownEvent(Threads * Each);
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, _ =>
        {
            for (var count = 0; count < Each; count++)
            {
                executor.Execute(new ActionRunnable(() => left.Signal()));
            }
        });

        Assert.True(left.Wait(Soon));
        executor.Shutdown();
    }

    // A worker that falls asleep in the instant in which something comes must not leave it: here nothing follows that
    // would wake it.
    [Fact]
    public void What_comes_while_a_worker_falls_asleep_is_run_although_nothing_follows()
    {
        var executor = Two();
        using var done = new SemaphoreSlim(0);
        for (var count = 0; count < 50_000; count++)
        {
            executor.Execute(new ActionRunnable(() => done.Release()));
            Assert.True(done.Wait(Soon), $"the {count}th was not run");
        }

        executor.Shutdown();
    }

    [Fact]
    public void Its_threads_have_its_name_and_end_with_it()
    {
        var executor = Two();
        var threads = new ConcurrentQueue<Thread>();
        using var both = new Barrier(3);
        for (var count = 0; count < 2; count++)
        {
            executor.Execute(new ActionRunnable(() =>
            {
                threads.Enqueue(Thread.CurrentThread);
                both.SignalAndWait(Soon);
            }));
        }

        Assert.True(both.SignalAndWait(Soon));
        Assert.Equal(["test_1", "test_2"], threads.Select(thread => thread.Name).Order());
        executor.Shutdown();
        Assert.All(threads, thread => Assert.True(thread.Join(Soon)));
    }
}
