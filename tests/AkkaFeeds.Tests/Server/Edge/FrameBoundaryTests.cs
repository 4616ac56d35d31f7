using AkkaFeeds.Harness;
using AkkaFeeds.Server.Edge.WebSockets;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

/// <summary>Between two frames, and nowhere else, is between two frames.</summary>
public sealed class FrameBoundaryTests
{
    private static readonly int[] Sizes = [0, 1, 6, 125, 126, 127, 300, 65_535, 65_536, 70_000];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_knows_every_frame_s_end_and_takes_no_other_byte_for_one(bool isMasked)
    {
        var boundary = new FrameBoundary();
        Assert.True(boundary.IsBetween);
        foreach (var size in Sizes)
        {
            var frame = ClientFrame.Of(ClientFrame.Text, new byte[size], isMasked: isMasked);
            for (var index = 0; index < frame.Length; index++)
            {
                boundary.Pass(frame.AsSpan(index, 1));
                Assert.True(
                    boundary.IsBetween == (index == frame.Length - 1),
                    $"{size} bytes, masked {isMasked}: byte {index} of {frame.Length}");
            }
        }
    }

    [Fact]
    public void The_pieces_in_which_bytes_come_make_no_difference()
    {
        var random = new Random(3);
        for (var run = 0; run < 300; run++)
        {
            byte[] bytes =
            [
                .. Enumerable.Range(0, 20).SelectMany(_ => ClientFrame.Of(
                    random.Next(1, 11), Some(random, random.Next(3) == 0 ? 400 : 20),
                    isMasked: random.Next(2) > 0)),
            ];
            bytes = bytes[..random.Next(bytes.Length)];
            var one = new FrameBoundary();
            one.Pass(bytes);
            var many = new FrameBoundary();
            for (var at = 0; at < bytes.Length;)
            {
                var length = Math.Min(random.Next(60), bytes.Length - at);
                many.Pass(bytes.AsSpan(at, length));
                at += length;
            }

            Assert.True(one.IsBetween == many.IsBetween, $"run {run}: {Convert.ToHexString(bytes)}");
        }
    }

    [Fact]
    public void It_counts_messages_and_knows_what_is_behind_the_last()
    {
        var boundary = new FrameBoundary();
        Assert.True(boundary.IsBehind(0));
        boundary.Pass(ClientFrame.Of(ClientFrame.Text, [], isFinal: false));
        Assert.False(boundary.IsBehind(0));
        boundary.Pass(ClientFrame.Of(ClientFrame.Ping, [1]));
        Assert.False(boundary.IsBehind(0));
        boundary.Pass(ClientFrame.Of(ClientFrame.Continuation, [1, 2]));
        Assert.True(boundary.IsBehind(1));
        Assert.False(boundary.IsBehind(0));
        boundary.Pass(ClientFrame.Of(ClientFrame.Text, [1]).AsSpan(..2));
        Assert.False(boundary.IsBehind(1));
        boundary.Pass(ClientFrame.Of(ClientFrame.Text, [1]).AsSpan(2..));
        Assert.True(boundary.IsBehind(2));
        boundary.Pass(ClientFrame.Of(ClientFrame.Pong, []));
        Assert.False(boundary.IsBehind(2));
    }

    [Fact]
    public void It_counts_fragments_and_knows_what_has_begun_and_not_ended()
    {
        var boundary = new FrameBoundary();
        Assert.Equal((true, 0, 0), (boundary.IsWhole, boundary.Begun, boundary.Fragments));
        boundary.Pass(ClientFrame.Of(ClientFrame.Text, [], isFinal: false));
        Assert.Equal((false, 1, 1), (boundary.IsWhole, boundary.Begun, boundary.Fragments));
        boundary.Pass(ClientFrame.Of(ClientFrame.Ping, [1]));
        boundary.Pass(ClientFrame.Of(ClientFrame.Continuation, [1], isFinal: false));
        Assert.Equal((false, 1, 2), (boundary.IsWhole, boundary.Begun, boundary.Fragments));
        var last = ClientFrame.Of(ClientFrame.Continuation, [1, 2]);
        boundary.Pass(last.AsSpan(..^1));
        Assert.Equal((false, 1, 2), (boundary.IsWhole, boundary.Begun, boundary.Fragments));
        boundary.Pass(last.AsSpan(^1..));
        Assert.Equal((true, 1, 2), (boundary.IsWhole, boundary.Begun, boundary.Fragments));
        boundary.Pass(ClientFrame.Of(ClientFrame.Pong, [1]).AsSpan(..1));
        Assert.Equal((false, 2, 2), (boundary.IsWhole, boundary.Begun, boundary.Fragments));
    }

    // Fewer bytes than the limit, of any value.
    private static byte[] Some(Random random, int limit)
    {
        var bytes = new byte[random.Next(limit)];
        random.NextBytes(bytes);
        return bytes;
    }
}
