using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Stage;
using AkkaFeeds.Kafka.Consuming;
using Confluent.Kafka;

namespace AkkaFeeds.Kafka.Stages;

/// <summary>
/// Emits a source for each partition that is assigned, and again where one was cancelled while the partition is ours.
/// </summary>
internal sealed class PartitionedStage<TKey, TValue, T>(
    Func<ConsumerLoop<TKey, TValue>> newLoop, Func<ConsumerLoop<TKey, TValue>, Func<RecordBatch<TKey, TValue>,
    T>> wrap,
    TimeSpan closeTimeout)
    : GraphStageWithMaterializedValue<SourceShape<(TopicPartition, Source<T, NotUsed>)>, IConsumerControl>
{
    private readonly Outlet<(TopicPartition, Source<T, NotUsed>)> outlet = new("partitions");

    public override SourceShape<(TopicPartition, Source<T, NotUsed>)> Shape => new(outlet);

    public override ILogicAndMaterializedValue<IConsumerControl> CreateLogicAndMaterializedValue(
        Attributes inheritedAttributes)
    {
        var loop = newLoop();
        var control = new ConsumerControl<TKey, TValue>(loop, closeTimeout);
        return new LogicAndMaterializedValue<IConsumerControl>(new Logic(this, loop, control), control);
    }

    private sealed class Logic : ConsumerStageLogic<TKey, TValue>
    {
        private readonly PartitionedStage<TKey, TValue, T> stage;
        private readonly Queue<PartitionLease<TKey, TValue>> offered = new();
        private readonly Func<RecordBatch<TKey, TValue>, T> wrap;
        private Action<PartitionLease<TKey, TValue>> detached = null!;
        private bool cancelled;

        public Logic(
            PartitionedStage<TKey, TValue, T> stage, ConsumerLoop<TKey, TValue> loop, ConsumerControl<TKey,
            TValue> control)
            : base(stage.Shape, loop, control)
        {
            this.stage = stage;
            wrap = stage.WrapOf(loop);
            SetHandler(stage.outlet, this);
        }

        public override void PreStart()
        {
            detached = GetAsyncCallback<PartitionLease<TKey, TValue>>(OnDetached);
            base.PreStart();
        }

        public override void OnPull() => PushNext();

        public override void OnDownstreamFinish(Exception cause)
        {
            // Sub-sources that run go on; the last one takes the consumer with it.
            cancelled = true;
            SetKeepGoing(true);
            CompleteWithoutReaders();
        }

        protected override void OnOffered(PartitionLease<TKey, TValue> lease)
        {
            offered.Enqueue(lease);
            PushNext();
        }

        protected override void CompleteOutlet() => Complete(stage.outlet);

        private void OnDetached(PartitionLease<TKey, TValue> lease)
        {
            if (cancelled)
            {
                CompleteWithoutReaders();
            }
            else if (lease.TryOffer())
            {
                OnOffered(lease);
            }
        }

        private void CompleteWithoutReaders()
        {
            if (!Loop.HasReaders)
            {
                CompleteStage();
            }
        }

        private void PushNext()
        {
            while (IsAvailable(stage.outlet) && offered.TryDequeue(out var lease))
            {
                if (!lease.IsEnded)
                {
                    var source = Source.FromGraph(new PartitionStage<TKey, TValue, T>(lease, wrap, detached));
                    Push(stage.outlet, (lease.Partition, source));
                }
            }
        }
    }

    private Func<RecordBatch<TKey, TValue>, T> WrapOf(ConsumerLoop<TKey, TValue> loop) => wrap(loop);
}
