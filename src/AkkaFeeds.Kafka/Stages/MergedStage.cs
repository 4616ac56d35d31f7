using Akka.Streams;
using Akka.Streams.Stage;
using AkkaFeeds.Kafka.Consuming;

namespace AkkaFeeds.Kafka.Stages;

/// <summary>Emits the batches of all partitions in turn; fails with the first partition that fails.</summary>
internal sealed class MergedStage<TKey, TValue, T>(
    Func<ConsumerLoop<TKey, TValue>> newLoop, Func<ConsumerLoop<TKey, TValue>, Func<RecordBatch<TKey, TValue>,
    T>> wrap,
    TimeSpan closeTimeout)
    : GraphStageWithMaterializedValue<SourceShape<T>, IConsumerControl>
{
    private readonly Outlet<T> outlet = new("batches");

    public override SourceShape<T> Shape => new(outlet);

    public override ILogicAndMaterializedValue<IConsumerControl> CreateLogicAndMaterializedValue(
        Attributes inheritedAttributes)
    {
        var loop = newLoop();
        var control = new ConsumerControl<TKey, TValue>(loop, closeTimeout);
        return new LogicAndMaterializedValue<IConsumerControl>(
            new Logic(Shape, outlet, loop, wrap(loop), control), control);
    }

    private sealed class Logic : ConsumerStageLogic<TKey, TValue>
    {
        private readonly Outlet<T> outlet;
        private readonly Func<RecordBatch<TKey, TValue>, T> wrap;
        private readonly List<PartitionLease<TKey, TValue>> leases = [];
        private Action signal = null!;
        private int next;

        public Logic(
            SourceShape<T> shape, Outlet<T> outlet, ConsumerLoop<TKey, TValue> loop, Func<RecordBatch<TKey, TValue>,
            T> wrap,
            ConsumerControl<TKey, TValue> control)
            : base(shape, loop, control)
        {
            this.outlet = outlet;
            this.wrap = wrap;
            SetHandler(outlet, this);
        }

        public override void PreStart()
        {
            signal = GetAsyncCallback(TakeNext);
            base.PreStart();
        }

        public override void OnPull() => TakeNext();

        protected override void OnOffered(PartitionLease<TKey, TValue> lease)
        {
            if (lease.Attach(signal))
            {
                leases.Add(lease);
                TakeNext();
            }
        }

        protected override void CompleteOutlet() => Complete(outlet);

        private void TakeNext()
        {
            for (var looked = 0; looked < leases.Count && IsAvailable(outlet);)
            {
                next = next < leases.Count ? next : 0;
                var lease = leases[next];
                switch (lease.Take(out var batch))
                {
                    case TakeResult.Taken:
                        next++;
                        Push(outlet, wrap(batch!));
                        break;
                    case TakeResult.Ended:
                        leases.RemoveAt(next);
                        break;
                    case TakeResult.Failed when lease.Failure is { } failure:
                        FailStage(failure);
                        return;
                    default:
                        next++;
                        looked++;
                        break;
                }
            }
        }
    }
}
