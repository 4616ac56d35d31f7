using System.Text.Json.Nodes;

namespace AkkaFeeds.Tests.Harness.Frames;

internal enum FrameEventKind
{
    Opened,
    Sent,
    Received,
    Closed,
}

/// <summary>One thing that happened to a client, as a recording holds it.</summary>
internal sealed record FrameEvent(long UnixMs, int Client, int Connection, FrameEventKind Kind, string Text)
{
    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    public string Op => Text.Length == 0 ? "" : (string)Json["op"]!;

    /// <summary>Whether it is a frame of this op that came.</summary>
    public bool IsReceived(string op) =>
        Kind == FrameEventKind.Received && Text.Contains($"\"op\":\"{op}\"", StringComparison.Ordinal);

    /// <summary>Whether it is a frame of this op that was sent.</summary>
    public bool IsSent(string op) =>
        Kind == FrameEventKind.Sent && Text.Contains($"\"op\":\"{op}\"", StringComparison.Ordinal);

    /// <summary>The same with another frame.</summary>
    public FrameEvent With(Action<JsonObject> change)
    {
        var json = Json;
        change(json);
        return this with { Text = json.ToJsonString() };
    }
}
