using Akka.Streams;
using Akka.Streams.Stage;
using AkkaFeeds.Kafka.Consuming;

namespace AkkaFeeds.Kafka.Stages;

/// <summary>
/// What the stages that own a consumer share: it is made when the stage starts and closed, at the latest, when it
/// ends.
/// </summary>
internal abstract class ConsumerStageLogic<TKey, TValue> : OutGraphStageLogic
{
    private readonly ConsumerControl<TKey, TValue> control;

    protected ConsumerStageLogic(Shape shape, ConsumerLoop<TKey, TValue> loop, ConsumerControl<TKey, TValue> control)
        : base(shape)
    {
        Loop = loop;
        this.control = control;
    }

    protected ConsumerLoop<TKey, TValue> Loop { get; }

    public override void PreStart()
    {
        control.StopStage = GetAsyncCallback(Stop);
        Loop.Start(
            new(GetAsyncCallback<PartitionLease<TKey, TValue>>(OnOffered), GetAsyncCallback<Exception?>(OnStopped)));
    }

    public override void PostStop() => Loop.RequestShutdown();

    protected abstract void OnOffered(PartitionLease<TKey, TValue> lease);

    protected abstract void CompleteOutlet();

    private void Stop()
    {
        // The stage stays behind its completed outlet, because the consumer's life is its own: commits still work.
        SetKeepGoing(true);
        CompleteOutlet();
        control.StageStopped();
    }

    private void OnStopped(Exception? failure)
    {
        if (failure is null)
        {
            CompleteStage();
        }
        else
        {
            FailStage(failure);
        }
    }
}
