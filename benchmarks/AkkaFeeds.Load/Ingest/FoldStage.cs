using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Compilation;
using AkkaFeeds.Definitions.Decoding;
using AkkaFeeds.Ingest;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Load;

/// <summary>
/// (c): the source, and behind it in the same process what a lane and a slot compute: the decoder, the classifier, the
/// fold into states by slot and key. No actor, no message, no store: what (d) costs beyond this is the protocol, the
/// shards and durability.
/// </summary>
internal static class FoldStage
{
    public static Task<StageResult> RunAsync(StageOptions options)
    {
        var feed = IngestTopic.Feed(options.Topic, options.Keys).Compile();
        var slots = Enumerable.Range(0, FeedText.Slots).Select(_ => new Slot(feed.View)).ToArray();
        return SourceStage.RunAsync(
            options,
            partition =>
            {
                var topicDecoder = TopicDecoder.Create([feed]);
                var decoder = new RecordDecoder(topicDecoder, partition.Topic, partition.Partition.Value);
                var classifier = new LaneClassifier(
                    new LaneProgram(feed, topicDecoder), partition.Topic, partition.Partition.Value);
                classifier.Reset(long.MinValue);
                var source = ViewProgram.SourceOf(0, partition.Partition.Value);
                return batch =>
                {
                    foreach (var decoded in decoder.Decode(batch.Batch))
                    {
                        var classified = classifier.Classify(decoded, 0, 0);
                        for (var slot = 0; slot < slots.Length; slot++)
                        {
                            if (classified.Blocks[slot] is { } block)
                            {
                                slots[slot].Fold(block, source);
                            }
                        }
                    }
                };
            },
            () => Wrong(options, slots));
    }

    private static string? Wrong(StageOptions options, Slot[] slots)
    {
        var folded = slots.Sum(slot => slot.Rows);
        return folded == options.Records ? null : $"{folded} rows folded";
    }

    /// <summary>
    /// What a slot holds; partitions come from several threads here, so each block takes the lock once.
    /// </summary>
    private sealed class Slot(ViewProgram view)
    {
        private readonly Lock gate = new();
        private readonly Dictionary<KeyName, KeyState> states = [];

        public long Rows { get; private set; }

        public void Fold(RowBlock block, int source)
        {
            lock (gate)
            {
                for (var row = 0; row < block.Count; row++)
                {
                    if (!states.TryGetValue(block.Keys[row], out var state))
                    {
                        states.Add(block.Keys[row], state = view.Create());
                    }

                    var change = default(FoldChange);
                    Rows += view.TryApply(state, block, row, source, ref change, out _, out _) ? 1 : 0;
                }
            }
        }
    }
}
