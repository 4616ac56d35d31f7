using Akka.Streams;
using Akka.Streams.Stage;
using AkkaFeeds.Kafka.Consuming;

namespace AkkaFeeds.Kafka.Stages;

/// <summary>Emits the batches of one lease. What a cancelled one has not emitted waits for the next.</summary>
internal sealed class PartitionStage<TKey, TValue, T>(
    PartitionLease<TKey, TValue> lease, Func<RecordBatch<TKey, TValue>, T> wrap, Action<PartitionLease<TKey,
    TValue>> detached)
    : GraphStage<SourceShape<T>>
{
    private readonly Outlet<T> outlet = new("batches");

    public override SourceShape<T> Shape => new(outlet);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) =>
        new Logic(outlet, Shape, lease, wrap, detached);

    private sealed class Logic : OutGraphStageLogic
    {
        private readonly Outlet<T> outlet;
        private readonly PartitionLease<TKey, TValue> lease;
        private readonly Func<RecordBatch<TKey, TValue>, T> wrap;
        private readonly Action<PartitionLease<TKey, TValue>> detached;
        private bool attached;

        public Logic(
            Outlet<T> outlet, SourceShape<T> shape, PartitionLease<TKey, TValue> lease,
            Func<RecordBatch<TKey, TValue>, T> wrap, Action<PartitionLease<TKey, TValue>> detached)
            : base(shape)
        {
            this.outlet = outlet;
            this.lease = lease;
            this.wrap = wrap;
            this.detached = detached;
            SetHandler(outlet, this);
        }

        public override void PreStart()
        {
            attached = lease.Attach(GetAsyncCallback(TakeNext));
            if (!attached)
            {
                FailStage(new InvalidOperationException(
                    $"{lease.Partition} is being read by another stream of this consumer"));
                return;
            }

            // A lease that has ended or failed meanwhile says so now, whether or not anything is asked for.
            CheckEnd();
        }

        public override void OnPull() => TakeNext();

        public override void PostStop()
        {
            if (attached)
            {
                lease.Detach();
                detached(lease);
            }
        }

        private bool CheckEnd()
        {
            if (lease.Failure is { } failure)
            {
                FailStage(failure);
                return true;
            }

            if (lease.IsEnded)
            {
                CompleteStage();
                return true;
            }

            return false;
        }

        private void TakeNext()
        {
            if (CheckEnd() || !IsAvailable(outlet))
            {
                return;
            }

            switch (lease.Take(out var batch))
            {
                case TakeResult.Taken:
                    Push(outlet, wrap(batch!));
                    break;
                case TakeResult.Failed:
                    FailStage(lease.Failure ?? new InvalidOperationException("the failure was withdrawn by a seek"));
                    break;
                case TakeResult.Ended:
                    CompleteStage();
                    break;
                default:
                    break;
            }
        }
    }
}
