using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;
using Xunit;

namespace AkkaFeeds.Tests.Clients;

/// <summary>The frames of one flush: kept until they are read, in a buffer that is used again.</summary>
public sealed class FrameBatchTests
{
    private readonly FrameBatch batch = new(512);

    [Fact]
    public void A_buffer_is_used_again_unless_one_large_flush_made_it_grow()
    {
        Write(20_000);
        batch.Clear();
        Assert.True(batch.Capacity >= 20_000);
        Write(200_000);
        batch.Clear();
        Assert.Equal(512, batch.Capacity);
    }

    [Fact]
    public void A_cleared_batch_is_as_a_new_one()
    {
        Write(100);
        batch.IsLast = true;
        batch.Clear();
        Assert.Equal((0, 0, 0, false), (batch.Count, batch.Bytes, batch.CountOf(FrameKind.Snapshot), batch.IsLast));

        batch.Add("abc"u8, FrameKind.Control);
        batch.Add("d"u8, "e"u8, FrameKind.Control);
        Assert.Equal("abc"u8.ToArray(), batch[0].ToArray());
        Assert.Equal("de"u8.ToArray(), batch[1].ToArray());
        Assert.Equal(2, batch.CountOf(FrameKind.Control));
    }

    private void Write(int bytes)
    {
        batch.Clear();
        batch.Add(new byte[bytes], FrameKind.Snapshot);
    }
}
