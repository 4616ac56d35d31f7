using System.Runtime.CompilerServices;
using System.Text;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Decoding;
using AkkaFeeds.Kafka;

namespace AkkaFeeds.Ingest;

/// <summary>
/// Decodes batches of one topic for all feeds on it. One a partition: it may be used by one stream at a time.
/// </summary>
internal sealed class RecordDecoder(TopicDecoder decoder, string topic, int partition)
{
    /// <summary>
    /// The batch as columns; several where Kafka's leader epoch changes inside it, because rows of two epochs are not
    /// one block.
    /// </summary>
    public IEnumerable<DecodedBatch> Decode(RecordBatch<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> batch)
    {
        var records = batch.RecordMemory;
        var start = 0;
        for (var index = 1; index < records.Length; index++)
        {
            if (records.Span[index].LeaderEpoch != records.Span[start].LeaderEpoch)
            {
                yield return Decode(batch, records[start..index], records.Span[index].Offset);
                start = index;
            }
        }

        yield return Decode(batch, records[start..], batch.NextOffset);
    }

    private DecodedBatch Decode(
        RecordBatch<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> batch,
        ReadOnlyMemory<KafkaRecord<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>> memory, long next)
    {
        var records = memory.Span;
        var decoded = new DecodedBatch
        {
            Offsets = new long[records.Length],
            Timestamps = new long[records.Length],
            Records = memory,
            Headers = decoder.WantsHeaders ? new IRecordHeaders?[records.Length] : null,
            Columns = new Value[records.Length * decoder.Width],
            Width = decoder.Width,
            Next = next,
            End = batch.LogEnd,
            LeaderEpoch = records.Length > 0 ? records[0].LeaderEpoch : batch.NextLeaderEpoch,
            Generation = batch.Generation,
        };
        for (var index = 0; index < records.Length; index++)
        {
            Decode(decoded, index, records[index]);
        }

        return decoded;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Decode(
        DecodedBatch batch, int index, in KafkaRecord<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> record)
    {
        batch.Offsets[index] = record.Offset;
        batch.Timestamps[index] = record.TimestampMilliseconds;
        if (batch.Headers is { } headers)
        {
            headers[index] = new Headers(record.Headers);
        }

        var facts = new RecordFacts
        {
            Key = record.Key.Span,
            HasKey = record.HasKey,
            Value = record.Value.Span,
            HasValue = record.HasValue,
            Timestamp = record.TimestampMilliseconds,
            Topic = topic,
            Partition = partition,
            Offset = record.Offset,
            Headers = batch.Headers?[index],
        };
        if (!decoder.TryDecode(facts, batch.Columns.AsSpan(index * batch.Width, batch.Width), out var problem))
        {
            batch.AddProblem(index, problem!);
        }
    }

    private sealed class Headers(System.Collections.Immutable.ImmutableArray<RecordHeader> headers) : IRecordHeaders
    {
        public bool TryGetLast(string name, out ReadOnlySpan<byte> value)
        {
            for (var index = headers.Length - 1; index >= 0; index--)
            {
                if (headers[index].Name == name)
                {
                    value = headers[index].Value.Span;
                    return !headers[index].IsNull;
                }
            }

            value = default;
            return false;
        }
    }
}
