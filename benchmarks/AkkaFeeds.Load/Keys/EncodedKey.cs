using System.Buffers;
using System.Text;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Decoding;
using AkkaFeeds.Definitions.Compilation;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Load;

/// <summary>
/// How many bytes a key of the <c>keys</c> program has of its own: its name in UTF-8 and its state as the store has
/// it. Taken
/// with the engine's own encoder, from the records that the topic holds.
/// </summary>
internal static class EncodedKey
{
    /// <summary>The average over some keys spread over all.</summary>
    public static double Bytes(FeedText text, int keys)
    {
        const int keysTaken = 1_000;
        var feed = text.Compile();
        var decoder = TopicDecoder.Create([feed]);
        var program = new LaneProgram(feed, decoder);
        var bytes = 0L;
        for (var taken = 0; taken < keysTaken; taken++)
        {
            var index = (int)((long)keys * taken / keysTaken);
            var state = feed.View.Create();
            for (var round = 0; round < KeysTopic.RecordsPerKey; round++)
            {
                Fold(feed, decoder, program, state, KeysTopic.Value(((long)round * keys) + index, index), round);
            }

            var encoded = new ArrayBufferWriter<byte>();
            feed.View.Encode(state, encoded);
            bytes += encoded.WrittenCount + Encoding.UTF8.GetByteCount(KeysTopic.Key(index));
        }

        return bytes / (double)keysTaken;
    }

    private static void Fold(
        CompiledFeed feed, TopicDecoder decoder, LaneProgram program, KeyState state, byte[] value, long offset)
    {
        var columns = new Value[decoder.Width];
        var facts = new RecordFacts
        {
            Value = value,
            HasValue = true,
            Timestamp = 1_764_000_000_000,
            Topic = feed.Definition.Topics[0],
            // Typical of the middle of such a topic: offsets are written with as few bytes as they need.
            Offset = 100_000 + offset,
        };
        if (!decoder.TryDecode(facts, columns, out var problem))
        {
            throw new InvalidOperationException(problem);
        }

        var classified = program.Classify(facts, columns);
        var row = new Value[feed.Width];
        program.CopyRow(columns, row);
        var block = new RowBlock
        {
            Offsets = [facts.Offset],
            EventTimes = [classified.EventTime],
            Timestamps = [facts.Timestamp],
            Keys = [classified.Key!],
            Fields = row,
            Width = feed.Width,
        };
        var change = default(FoldChange);
        if (!feed.View.TryApply(state, block, 0, ViewProgram.SourceOf(0, 0), ref change, out _, out var detail))
        {
            throw new InvalidOperationException(detail);
        }
    }
}
