using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;
using Xunit;

namespace AkkaFeeds.Tests.Clients;

/// <summary>The buffer of a connection: grown by a burst, given back when it is quiet.</summary>
public sealed class FrameBatchTests
{
    private readonly FrameBatch batch = new(512);

    [Fact]
    public void What_a_burst_took_is_given_back_after_a_quiet_second()
    {
        Write(20_000);
        batch.Shrink();
        Assert.True(batch.Capacity >= 20_000, "a buffer is kept for as long as it is used");
        Write(100);
        Assert.True(batch.Capacity >= 20_000);
        batch.Clear();
        batch.Shrink();
        Assert.True(batch.Capacity >= 20_000, "the second of the burst is not over");
        batch.Shrink();
        Assert.Equal(512, batch.Capacity);
    }

    [Fact]
    public void Frames_that_are_not_yet_read_are_kept()
    {
        Write(20_000);
        batch.Clear();
        batch.Shrink();
        batch.Add("abc"u8, FrameKind.Control);
        batch.Add("de"u8, FrameKind.Control);
        batch.Shrink();
        Assert.Equal(512, batch.Capacity);
        Assert.Equal("abc"u8.ToArray(), batch[0].ToArray());
        Assert.Equal("de"u8.ToArray(), batch[1].ToArray());
    }

    private void Write(int bytes)
    {
        batch.Clear();
        batch.Add(new byte[bytes], FrameKind.Snapshot);
    }
}
