using System.Net.WebSockets;
using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;
using AkkaFeeds.Server.Edge.WebSockets;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

/// <summary>What a flush writes is what a WebSocket reads.</summary>
public sealed class FrameHeaderTests
{
    [Fact]
    public async Task Frames_of_every_size_of_header_are_read_back_as_they_were()
    {
        int[] sizes = [0, 1, 125, 126, 127, 65_535, 65_536, 100_000];
        var batch = new FrameBatch();
        foreach (var size in sizes)
        {
            batch.Add(Enumerable.Range(0, size).Select(each => (byte)('a' + (each % 26))).ToArray(), FrameKind.Delta);
        }

        var bytes = new byte[batch.Bytes + (FrameHeader.BytesMax * batch.Count)];
        var length = FrameHeader.Frame(batch, bytes);
        using var stream = new MemoryStream(bytes, 0, length);
        using var reader = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions());

        var buffer = new byte[200_000];
        for (var index = 0; index < sizes.Length; index++)
        {
            var read = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await reader.ReceiveAsync(buffer.AsMemory(read), CancellationToken.None);
                read += part.Count;
            }
            while (!part.EndOfMessage);
            Assert.Equal(WebSocketMessageType.Text, part.MessageType);
            Assert.Equal(batch[index].ToArray(), buffer[..read]);
        }

        Assert.Equal(length, stream.Position);
    }
}
