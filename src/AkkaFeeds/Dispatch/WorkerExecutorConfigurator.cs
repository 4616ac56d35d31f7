using Akka.Configuration;
using Akka.Dispatch;

namespace AkkaFeeds.Dispatch;

/// <summary>
/// Makes the threads of a dispatcher whose <c>executor</c> this is: <c>threads</c> says how many, <c>apart</c> whether
/// what they run may block.
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

    /// <inheritdoc/>
    public override ExecutorService Produce(string id) =>
        new WorkerExecutor(id, threads, isApart, WorkerExecutor.ChainStandard);
}
