using Akka;
using Akka.Streams;
using Akka.Streams.Stage;
using Confluent.Kafka;

namespace AkkaFeeds.Kafka.Stages;

/// <summary>Produces with a producer of its own; what is in flight bounds the demand.</summary>
internal sealed class ProducerStage<TKey, TValue>(ProducerSettings<TKey, TValue> settings)
    : GraphStageWithMaterializedValue<SinkShape<ProducerRecord<TKey, TValue>>, Task<Done>>
{
    private readonly Inlet<ProducerRecord<TKey, TValue>> inlet = new("records");

    public override SinkShape<ProducerRecord<TKey, TValue>> Shape => new(inlet);

    public override ILogicAndMaterializedValue<Task<Done>> CreateLogicAndMaterializedValue(
        Attributes inheritedAttributes)
    {
        var done = new TaskCompletionSource<Done>(TaskCreationOptions.RunContinuationsAsynchronously);
        return new LogicAndMaterializedValue<Task<Done>>(new Logic(Shape, inlet, settings, done), done.Task);
    }

    private sealed class Logic : InGraphStageLogic
    {
        private readonly Inlet<ProducerRecord<TKey, TValue>> inlet;
        private readonly ProducerSettings<TKey, TValue> settings;
        private readonly TaskCompletionSource<Done> done;
        private IProducer<TKey, TValue>? producer;
        private Action<DeliveryReport<TKey, TValue>> reported = null!;
        private ProducerRecord<TKey, TValue>? refused;
        private Exception? failure;
        private int inFlight;

        public Logic(
            SinkShape<ProducerRecord<TKey, TValue>> shape, Inlet<ProducerRecord<TKey, TValue>> inlet,
            ProducerSettings<TKey, TValue> settings, TaskCompletionSource<Done> done)
            : base(shape)
        {
            this.inlet = inlet;
            this.settings = settings;
            this.done = done;
            SetHandler(inlet, this);
        }

        public override void PreStart()
        {
            // The stage outlives its input until what is in flight has been acknowledged.
            SetKeepGoing(true);
            reported = GetAsyncCallback<DeliveryReport<TKey, TValue>>(OnReported);
            producer = settings.CreateProducer();
            Pull(inlet);
        }

        public override void OnPush()
        {
            Produce(Grab(inlet));
            PullMore();
        }

        public override void OnUpstreamFinish() => CompleteWhenDelivered();

        public override void OnUpstreamFailure(Exception e) => Fail(e);

        public override void PostStop()
        {
            var ended = failure
                ?? (IsClosed(inlet) && inFlight == 0 ? null : new OperationCanceledException("the stream was ended"));
            _ = CloseAsync(ended);
        }

        private void Produce(ProducerRecord<TKey, TValue> record)
        {
            try
            {
                var partition = record.Partition is { } number ? new Partition(number) : Partition.Any;
                producer!.Produce(new TopicPartition(record.Topic, partition), record.Message, reported);
                inFlight++;
            }
            catch (ProduceException<TKey, TValue> error) when (
                error.Error.Code == ErrorCode.Local_QueueFull && inFlight > 0)
            {
                // The client's own queue is full: the next acknowledgement makes room.
                refused = record;
            }
            catch (Exception error)
            {
                // Whatever a serializer or the client throws is this record's failure, and so the stream's.
                Fail(error);
            }
        }

        private void OnReported(DeliveryReport<TKey, TValue> report)
        {
            inFlight--;
            if (report.Error.IsError)
            {
                Fail(new ProduceException<TKey, TValue>(report.Error, report));
                return;
            }

            if (refused is { } again)
            {
                refused = null;
                Produce(again);
            }

            PullMore();
            if (IsClosed(inlet))
            {
                CompleteWhenDelivered();
            }
        }

        private void PullMore()
        {
            if (refused is null && inFlight < settings.Parallelism && !HasBeenPulled(inlet) && !IsClosed(inlet))
            {
                Pull(inlet);
            }
        }

        private void CompleteWhenDelivered()
        {
            if (inFlight == 0 && refused is null)
            {
                CompleteStage();
            }
        }

        private void Fail(Exception error)
        {
            failure ??= error;
            FailStage(error);
        }

        private async Task CloseAsync(Exception? ended)
        {
            await Task.Run(() =>
            {
                producer?.Flush(ended is null ? settings.FlushTimeout : TimeSpan.Zero);
                producer?.Dispose();
            }).ConfigureAwait(false);
            if (ended is null)
            {
                done.TrySetResult(Done.Instance);
            }
            else
            {
                done.TrySetException(ended);
            }
        }
    }
}
