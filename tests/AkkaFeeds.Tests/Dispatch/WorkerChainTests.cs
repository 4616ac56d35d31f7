using System.Collections.Concurrent;
using Akka.Dispatch;
using AkkaFeeds.Dispatch;
using Xunit;

namespace AkkaFeeds.Tests.Dispatch;

public sealed class WorkerChainTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    // Kept for as long as a test takes, on a busy machine too.
    private readonly WorkerExecutor actors = new("actors", 2, isApart: false, Soon);
    private readonly WorkerExecutor clients = new("clients", 2, isApart: false, Soon);
    private readonly WorkerExecutor store = new("store", 2, isApart: true, Soon);
    private readonly WorkerExecutor hasty = new("hasty", 2, isApart: false, TimeSpan.FromMilliseconds(1));
    private readonly ConcurrentQueue<string> log = new();

    public void Dispose()
    {
        actors.Shutdown();
        clients.Shutdown();
        store.Shutdown();
        hasty.Shutdown();
    }

    [Fact]
    public void What_tells_the_next_runs_on_one_thread_whichever_executor_that_is_given_to()
    {
        using var done = new ManualResetEventSlim();
        var threads = new ConcurrentQueue<Thread>();
        Give(actors, () =>
        {
            threads.Enqueue(Thread.CurrentThread);
            Give(actors, () =>
            {
                threads.Enqueue(Thread.CurrentThread);
                Give(clients, () =>
                {
                    threads.Enqueue(Thread.CurrentThread);
                    done.Set();
                });
            });
        });

        Assert.True(done.Wait(Soon));
        Assert.Single(threads.Distinct());
        Assert.StartsWith("actors", threads.First().Name);
    }

    [Fact]
    public void What_was_told_first_and_what_comes_of_it_run_before_the_rest()
    {
        using var done = new ManualResetEventSlim();
        Give(actors, () =>
        {
            Give(actors, () =>
            {
                log.Enqueue("first");
                Give(actors, () => log.Enqueue("of the first"));
            });
            Give(actors, () => log.Enqueue("second"));
            Give(actors, done.Set);
        });

        Assert.True(done.Wait(Soon));
        Assert.Equal(["first", "of the first", "second"], log);
    }

    // The first would wait for ever, were the last not somebody else's.
    [Fact]
    public void More_than_a_few_are_run_by_others_while_the_worker_is_busy()
    {
        using var last = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        Give(actors, () =>
        {
            for (var kept = 0; kept < 9; kept++)
            {
                Give(actors, () => { });
            }

            Give(actors, last.Set);
            if (last.Wait(Soon))
            {
                done.Set();
            }
        });

        Assert.True(done.Wait(Soon));
    }

    // Likewise: both workers are busy, something waits, and what the first tells now must not wait for the first.
    [Fact]
    public void Nothing_is_kept_while_others_wait()
    {
        using var both = new Barrier(3);
        using var go = new ManualResetEventSlim();
        using var told = new ManualResetEventSlim();
        using var ran = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        Give(actors, () =>
        {
            both.SignalAndWait(Soon);
            go.Wait(Soon);
            Give(actors, ran.Set);
            told.Set();
            if (ran.Wait(Soon))
            {
                done.Set();
            }
        });
        Give(actors, () =>
        {
            both.SignalAndWait(Soon);
            told.Wait(Soon);
        });
        both.SignalAndWait(Soon);
        Give(actors, () => log.Enqueue("waited"));
        go.Set();

        Assert.True(done.Wait(Soon));
        Assert.Equal(["waited"], log);
    }

    [Fact]
    public void A_chain_without_an_end_gives_way_to_what_it_left_behind()
    {
        using var behind = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        Give(hasty, () =>
        {
            Give(hasty, Again);
            Give(hasty, behind.Set);
        });

        Assert.True(done.Wait(Soon));

        void Again()
        {
            if (behind.IsSet)
            {
                done.Set();
            }
            else
            {
                Give(hasty, Again);
            }
        }
    }

    [Fact]
    public void What_may_block_runs_on_its_own_threads_alone_and_these_run_nothing_else()
    {
        using var done = new ManualResetEventSlim();
        Give(actors, () =>
        {
            Give(store, () =>
            {
                log.Enqueue(Thread.CurrentThread.Name![..5]);
                Give(actors, () =>
                {
                    log.Enqueue(Thread.CurrentThread.Name![..6]);
                    done.Set();
                });
            });
        });

        Assert.True(done.Wait(Soon));
        Assert.Equal(["store", "actors"], log);
    }

    private static void Give(WorkerExecutor executor, Action run) => executor.Execute(new ActionRunnable(run));
}
