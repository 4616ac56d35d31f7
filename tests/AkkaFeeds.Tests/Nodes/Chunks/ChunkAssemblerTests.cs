using AkkaFeeds.Contracts.Wire;
using AkkaFeeds.Nodes.Chunks;
using CsCheck;
using Google.Protobuf;
using Xunit;

namespace AkkaFeeds.Tests.Nodes.Chunks;

public class ChunkAssemblerTests
{
    private const int BytesMax = 10_000;

    private readonly ChunkAssembler assembler = new(BytesMax);

    [Fact]
    public void Any_message_in_chunks_of_any_size_comes_whole() =>
        Gen.Select(Gen.Byte.Array[1, 2_000], Gen.Int[1, 2_100]).Sample((message, chunkBytes) =>
        {
            var own = new ChunkAssembler(BytesMax);
            var chunks = Chunks(1, message, chunkBytes);
            Assert.All(chunks[..^1], chunk => Assert.Equal(default, own.Take(chunk)));
            var (whole, lost) = own.Take(chunks[^1]);
            Assert.Null(lost);
            Assert.Equal(message, whole);
            Assert.Equal(0, own.HeldBytes);
        });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_lost_chunk_costs_its_message_and_not_the_next(int missing)
    {
        var taken = Chunks(1, Message(95), 30).Where((_, index) => index != missing)
            .Concat(Chunks(2, Message(50), 30)).Select(assembler.Take).ToList();
        Assert.Equal([50], taken.Where(each => each.Whole is not null).Select(each => each.Whole!.Length));

        // The first one is not missed by anybody: nothing of the message has been seen.
        Assert.Equal(missing == 0 ? 0 : 1, taken.Count(each => each.Lost is not null));
    }

    [Fact]
    public void A_repeated_chunk_costs_its_message_once_and_says_so_once()
    {
        var chunks = Chunks(1, Message(95), 30);
        var taken = new[] { chunks[0], chunks[1], chunks[1], chunks[2], chunks[3] }.Select(assembler.Take).ToList();
        Assert.All(taken, each => Assert.Null(each.Whole));
        Assert.Equal(
            "lost: it has 95 bytes, and chunk 2 of 4 came behind chunk 2 of 4",
            Assert.Single(taken, each => each.Lost is not null).Lost);
        Assert.Equal(0, assembler.HeldBytes);
    }

    [Fact]
    public void Messages_between_each_other_are_never_mixed() =>
        Gen.Select(Gen.Int[2, 6], Gen.Int[2, 6], Gen.Bool.Array[40]).Sample((first, second, order) =>
        {
            var own = new ChunkAssembler(BytesMax);
            var messages = new[] { Message(first * 10, 1), Message(second * 10, 2) };
            var queues = new Queue<Chunk>[] { new(Chunks(1, messages[0], 10)), new(Chunks(2, messages[1], 10)) };
            var at = 0;
            while (queues.Any(queue => queue.Count > 0))
            {
                var queue = queues[order[at++ % order.Length] ? 1 : 0];
                queue = queue.Count > 0 ? queue : queues.First(other => other.Count > 0);
                if (own.Take(queue.Dequeue()).Whole is { } whole)
                {
                    Assert.Contains(messages, message => message.AsSpan().SequenceEqual(whole.Span));
                }
            }
        });

    [Fact]
    public void Another_count_or_another_length_ends_a_message()
    {
        foreach (var wrong in new Action<Chunk>[]
        {
            chunk => chunk.Count++,
            chunk => chunk.Length++,
            chunk => chunk.Index++,
            chunk => chunk.Transfer++,
            chunk => chunk.Bytes = ByteString.CopyFrom(Message(31)),
            chunk => chunk.Bytes = ByteString.CopyFrom(Message(64)),
        })
        {
            var chunks = Chunks(1, Message(95), 30);
            wrong(chunks[2]);
            var taken = chunks.Select(assembler.Take).ToList();
            Assert.All(taken, each => Assert.Null(each.Whole));
            Assert.Single(taken, each => each.Lost is not null);
        }
    }

    [Fact]
    public void Bytes_that_do_not_fill_the_message_are_no_message()
    {
        var chunks = Chunks(1, Message(95), 30);
        chunks[3].Bytes = ByteString.CopyFrom(Message(4));
        Assert.Equal(
            "lost: it has 95 bytes, and chunk 4 of 4 ends at byte 94 of 95",
            chunks.Select(assembler.Take).ToList()[^1].Lost);
    }

    [Fact]
    public void What_is_larger_than_the_limit_is_refused_before_anything_is_held_and_the_next_comes_whole()
    {
        foreach (var chunk in Chunks(1, Message(BytesMax + 1), 4_000))
        {
            var (whole, lost) = assembler.Take(chunk);
            Assert.Null(whole);
            Assert.Equal(chunk.Index == 0 ? "refused: it has 10001 bytes, and 10000 are allowed" : null, lost);
            Assert.Equal(0, assembler.HeldBytes);
        }

        Assert.Equal(
            BytesMax, Chunks(2, Message(BytesMax), 4_000).Select(assembler.Take).ToList()[^1].Whole!.Length);
    }

    [Fact]
    public void Whatever_comes_no_more_is_held_than_the_limit() =>
        Gen.Select(Gen.Int[-1, 4], Gen.Int[-1, 4], Gen.Long[-1, BytesMax + 5], Gen.Int[0, 40]).Array[1, 20].Sample(
            chunks =>
            {
                var own = new ChunkAssembler(BytesMax);
                foreach (var (index, count, length, bytes) in chunks)
                {
                    var (whole, _) = own.Take(new Chunk
                    {
                        Transfer = 1,
                        Index = index,
                        Count = count,
                        Length = length,
                        Bytes = ByteString.CopyFrom(Message(bytes)),
                    });
                    Assert.InRange(own.HeldBytes, 0, BytesMax);
                    Assert.True(whole is null || whole.Length is > 0 and <= BytesMax);
                }
            });

    private static byte[] Message(int length, int seed = 0) =>
        [.. Enumerable.Range(0, length).Select(at => (byte)((at * 31) + seed))];

    private static List<Chunk> Chunks(long transfer, byte[] message, int chunkBytes)
    {
        var whole = ByteString.CopyFrom(message);
        return [.. Enumerable.Range(0, ChunkFrames.Count(message.Length, chunkBytes)).Select(index =>
            ConnectionFrame.Parser.ParseFrom(ChunkFrames.Cut(transfer, index, whole, chunkBytes)).Chunk)];
    }
}
