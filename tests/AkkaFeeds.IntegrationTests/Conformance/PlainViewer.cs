using System.Net.WebSockets;
using System.Text.Json;
using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Conformance;

/// <summary>
/// The plain form of the WebSocket: whole views of one key, and nothing around them, so that of what is shown only the
/// data is known.
/// </summary>
internal sealed class PlainViewer(Uri http, Watched watched) : Viewer(http, watched)
{
    protected override async Task ReadAsync(CancellationToken cancellation)
    {
        using var socket = new ClientWebSocket();
        using var invoker = SmallBuffers.Invoker();
        var key = Watched.Keys[0];
        var sub = Uri.EscapeDataString($"{Watched.Feed}:{key}");
        var target = new Uri(Http, $"v1/ws?sub={sub}&frames=view");
        await socket.ConnectAsync(new UriBuilder(target) { Scheme = "ws" }.Uri, invoker, cancellation);
        while (await WebSocketViewer.MessageAsync(socket, cancellation) is { } text)
        {
            await MayReadAsync();
            using var view = JsonDocument.Parse(text);
            Show(key, new Shown("", 0, "", null, HeldView.Of(view.RootElement).Text));
        }
    }
}
