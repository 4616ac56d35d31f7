using System.Runtime.InteropServices;
using System.Text.Json;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Server.Edge.GraphQl;

/// <summary>A key that operations of one connection watch: the newest view that came, whole, and its state.</summary>
internal sealed class WatchedKey(string key)
{
    private ShownKey face = new(key, "", 0, "rebuilding", null, null, null, null);

    // Used again and again: views of one key are about as long.
    private byte[] data = [];
    private int length;

    /// <summary>Who watches it.</summary>
    public List<Operation> Operations { get; } = [];

    /// <summary>What is shown of it, without the view.</summary>
    public ShownKey Face => face;

    /// <summary>Whether a frame of it has come that nobody was shown.</summary>
    public bool IsNews { get; set; }

    /// <summary>The view; null where no record has made the key.</summary>
    public JsonElement? Data() =>
        length == 0 ? null : JsonElement.Parse(data.AsSpan(0, length), ViewDepth.OfDocuments);

    /// <summary>Takes a snapshot or a state.</summary>
    public void Take(JsonElement frame, bool isSnapshot)
    {
        face = face with
        {
            State = frame.GetProperty("state").GetString()!,
            Reason = frame.TryGetProperty("reason", out var reason) ? reason.GetString() : null,
        };
        if (!isSnapshot)
        {
            return;
        }

        // Each change comes as a snapshot, because its socket wants views whole.
        var cause = frame.GetProperty("cause").GetString();
        var version = frame.GetProperty("version").GetInt64();
        face = face with
        {
            Epoch = frame.GetProperty("epoch").GetString()!,
            Version = version,
            At = version == 0 ? null : frame.GetProperty("at").GetInt64(),
            Cause = cause == "resync" ? null : cause,
        };
        var view = frame.GetProperty("data");
        Keep(view.ValueKind == JsonValueKind.Null ? default : JsonMarshal.GetRawUtf8Value(view));
    }

    private void Keep(ReadOnlySpan<byte> view)
    {
        if (view.Length > data.Length)
        {
            data = new byte[view.Length + (view.Length / 4)];
        }

        view.CopyTo(data);
        length = view.Length;
    }
}
