using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AkkaFeeds.Kafka.Native;
using Confluent.Kafka;

namespace AkkaFeeds.Kafka.Consuming;

/// <summary>
/// Makes records from native messages: the whole batch at once, so that its arrays are allocated to size.
/// </summary>
internal sealed unsafe class BatchCutter<TKey, TValue>(FieldReader<TKey> keys, FieldReader<TValue> values)
{
    private const int LogAppendTime = 2;

    /// <summary>The records of the messages.</summary>
    /// <exception cref="RecordDeserializationException">A deserializer threw.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public KafkaRecord<TKey, TValue>[] Cut(TopicPartition partition, ReadOnlySpan<nint> messages)
    {
        var chunks = new ByteChunks(KeptBytes(messages));
        var records = new KafkaRecord<TKey, TValue>[messages.Length];
        for (var index = 0; index < messages.Length; index++)
        {
            var message = (NativeMessage*)messages[index];
            try
            {
                records[index] = Record(partition.Topic, message, ref chunks);
            }
            catch (Exception error)
            {
                // A deserializer is the user's code: whatever it throws belongs to this record, and fails its
                // partition only.
                throw new RecordDeserializationException(new TopicPartitionOffset(partition, message->Offset), error);
            }
        }

        return records;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long KeptBytes(ReadOnlySpan<nint> messages)
    {
        long bytes = 0;
        foreach (var each in messages)
        {
            var message = (NativeMessage*)each;
            bytes += keys.KeepsBytes ? (long)message->KeyLength : 0;
            bytes += values.KeepsBytes ? (long)message->ValueLength : 0;
        }

        return bytes;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private KafkaRecord<TKey, TValue> Record(string topic, NativeMessage* message, ref ByteChunks chunks)
    {
        var timestamp = Poll.Timestamp(message, out var kind);
        var facts = new RecordFacts(
            Poll.LeaderEpoch(message), message->Key is not null, message->Value is not null, kind == LogAppendTime,
            Headers(message));
        return new(
            keys.Read(message->Key, (int)message->KeyLength, ref chunks, MessageComponentType.Key, topic),
            values.Read(message->Value, (int)message->ValueLength, ref chunks, MessageComponentType.Value, topic),
            message->Offset,
            timestamp,
            facts);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ImmutableArray<RecordHeader> Headers(NativeMessage* message)
    {
        if (Poll.Headers(message, out var headers) != 0)
        {
            return default;
        }

        var count = (int)Poll.HeaderCount(headers);
        var found = ImmutableArray.CreateBuilder<RecordHeader>(count);
        for (var index = 0; index < count; index++)
        {
            if (Poll.Header(headers, (nuint)index, out var name, out var value, out var length) == 0)
            {
                // Headers are few and kept with their record: an array of their own is simpler than a share of the
                // chunk.
                var bytes = new ReadOnlySpan<byte>(value, (int)length).ToArray();
                found.Add(new(Marshal.PtrToStringUTF8((nint)name) ?? "", bytes, value is null));
            }
        }

        return found.DrainToImmutable();
    }
}
