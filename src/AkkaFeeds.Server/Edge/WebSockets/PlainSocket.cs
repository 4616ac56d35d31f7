using System.Text.Json;
using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Server.Edge.WebSockets;

/// <summary>
/// A connection of the plain form, as its client's actor sees it: of the frames of a flush the views go on, without
/// what stands around them. A key that may not be watched ends the connection, because there is no frame to say so in.
/// </summary>
internal sealed class PlainSocket(WebSocketConnection connection) : IClientSocket
{
    private readonly FrameBatch views = new();

    /// <inheritdoc/>
    public long BytesTaken => connection.BytesTaken;

    /// <inheritdoc/>
    public bool WantsWhole => true;

    /// <inheritdoc/>
    public ValueTask SendAsync(FrameBatch frames)
    {
        views.Clear();
        for (var index = 0; index < frames.Count; index++)
        {
            var frame = frames[index].Span;
            if (frames.KindOf(index) == FrameKind.Snapshot && DataOf(frame) is { IsEmpty: false } data)
            {
                views.Add(data, FrameKind.Snapshot);
            }
            else if (frame.StartsWith("{\"op\":\"error\",\"code\":\"limit\""u8))
            {
                connection.Close(CloseCode.Limit, "limit");
            }
        }

        return views.Count == 0 ? ValueTask.CompletedTask : connection.SendAsync(views);
    }

    /// <inheritdoc/>
    public void Close(int code, string reason) => connection.Close(code, reason);

    // The bytes of the view as the engine wrote them; none where no record has made the key.
    private static ReadOnlySpan<byte> DataOf(ReadOnlySpan<byte> snapshot)
    {
        var json = new Utf8JsonReader(snapshot, ViewDepth.OfReaders);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isData = json.ValueTextEquals("data"u8);
            json.Read();
            var from = (int)json.TokenStartIndex;
            var isNull = json.TokenType == JsonTokenType.Null;
            json.Skip();
            if (isData)
            {
                return isNull ? default : snapshot[from..(int)json.BytesConsumed];
            }
        }

        return default;
    }
}
