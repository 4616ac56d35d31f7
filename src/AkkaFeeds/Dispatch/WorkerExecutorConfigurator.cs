using Akka.Configuration;
using Akka.Dispatch;

namespace AkkaFeeds.Dispatch;

/// <summary>
/// Makes the threads of a dispatcher whose <c>executor</c> this is: <c>threads</c> says how many, <c>apart</c> whether
/// what they run may block. A worker keeps what it made ready for as long as a mailbox runs before it gives way:
/// <c>throughput-deadline-time</c>.
/// </summary>
/// <param name="config">The dispatcher's section.</param>
/// <param name="prerequisites">Of the actor system.</param>
internal sealed class WorkerExecutorConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    : ExecutorServiceConfigurator(config, prerequisites)
{
    /// <summary>The name by which Akka finds it.</summary>
    public const string Name = "AkkaFeeds.Dispatch.WorkerExecutorConfigurator, AkkaFeeds.Engine";

    private readonly int threads = config.GetInt("threads");
    private readonly bool isApart = config.GetBoolean("apart");
    private readonly TimeSpan chainLimit = config.GetTimeSpan("throughput-deadline-time", TimeSpan.Zero);

    /// <inheritdoc/>
    public override ExecutorService Produce(string id) => new WorkerExecutor(id, threads, isApart, chainLimit);
}
