using Akka;
using Akka.Streams.Dsl;
using Confluent.Kafka;

namespace AkkaFeeds.Kafka;

/// <summary>Sinks that produce to Kafka.</summary>
public static class KafkaProducer
{
    /// <summary>
    /// Produces each record; completes when the brokers have acknowledged all of them, and fails with the first one that they
    /// refuse. The producer is made with the stream and closed with it.
    /// </summary>
    public static Sink<ProducerRecord<TKey, TValue>, Task<Done>> PlainSink<TKey, TValue>(ProducerSettings<TKey, TValue> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return Flow
            .Setup<ProducerRecord<TKey, TValue>, DeliveryResult<TKey, TValue>, IProducer<TKey, TValue>>((_, _) => Open(settings))
            .ToMaterialized(
                Sink.Ignore<DeliveryResult<TKey, TValue>>(),
                (producer, done) => CloseAfter(done, producer, settings.FlushTimeout));
    }

    /// <summary>Produces each record with a producer of the caller's, and emits what became of it in the order of the records.</summary>
    public static Flow<ProducerRecord<TKey, TValue>, DeliveryResult<TKey, TValue>, NotUsed> FlexiFlow<TKey, TValue>(
        ProducerSettings<TKey, TValue> settings, IProducer<TKey, TValue> producer)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(producer);
        return Flow.Create<ProducerRecord<TKey, TValue>>().SelectAsync(settings.Parallelism, each => Produce(producer, each));
    }

    private static Flow<ProducerRecord<TKey, TValue>, DeliveryResult<TKey, TValue>, IProducer<TKey, TValue>> Open<TKey, TValue>(
        ProducerSettings<TKey, TValue> settings)
    {
        var producer = settings.CreateProducer();
        return FlexiFlow(settings, producer).MapMaterializedValue(_ => producer);
    }

    private static async Task<Done> CloseAfter<TKey, TValue>(
        Task<Done> done, Task<IProducer<TKey, TValue>> materialized, TimeSpan timeout)
    {
        var producer = await materialized.ConfigureAwait(false);
        try
        {
            return await done.ConfigureAwait(false);
        }
        finally
        {
            await Task.Run(() =>
            {
                producer.Flush(timeout);
                producer.Dispose();
            }).ConfigureAwait(false);
        }
    }

    private static Task<DeliveryResult<TKey, TValue>> Produce<TKey, TValue>(
        IProducer<TKey, TValue> producer, ProducerRecord<TKey, TValue> record) => record.Partition is { } partition
        ? producer.ProduceAsync(new TopicPartition(record.Topic, partition), record.Message)
        : producer.ProduceAsync(record.Topic, record.Message);
}
