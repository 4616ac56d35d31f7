using Akka;
using Akka.Streams.Dsl;
using AkkaFeeds.Kafka.Stages;
using Confluent.Kafka;

namespace AkkaFeeds.Kafka;

/// <summary>Sinks that produce to Kafka.</summary>
public static class KafkaProducer
{
    /// <summary>
    /// Produces each record; completes when the brokers have acknowledged all of them, and fails with the first one
    /// that they
    /// refuse. The producer is made with the stream and closed with it.
    /// </summary>
    public static Sink<ProducerRecord<TKey, TValue>, Task<Done>> PlainSink<TKey,
        TValue>(ProducerSettings<TKey, TValue> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return Sink.FromGraph(new ProducerStage<TKey, TValue>(settings));
    }

    /// <summary>
    /// Produces each record with a producer of the caller's, and emits what became of it in the order of the records.
    /// </summary>
    public static Flow<ProducerRecord<TKey, TValue>, DeliveryResult<TKey, TValue>, NotUsed> FlexiFlow<TKey, TValue>(
        ProducerSettings<TKey, TValue> settings, IProducer<TKey, TValue> producer)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(producer);
        return Flow.Create<ProducerRecord<TKey, TValue>>()
            .SelectAsync(settings.Parallelism, each => Produce(producer, each));
    }

    private static Task<DeliveryResult<TKey, TValue>> Produce<TKey, TValue>(
        IProducer<TKey, TValue> producer, ProducerRecord<TKey, TValue> record) => record.Partition is { } partition
        ? producer.ProduceAsync(new TopicPartition(record.Topic, partition), record.Message)
        : producer.ProduceAsync(record.Topic, record.Message);
}
