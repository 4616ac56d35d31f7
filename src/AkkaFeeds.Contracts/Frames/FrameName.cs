using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AkkaFeeds.Contracts;

/// <summary>A key as frames name it; its JSON is made once.</summary>
public sealed class FrameName
{
    /// <summary>Names a key of a feed.</summary>
    public FrameName(string feed, KeyName key)
    {
        Feed = feed;
        Key = key;
        var text = JsonEncodedText.Encode(key.Key, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        Json = Encoding.UTF8.GetBytes($"\"feed\":\"{feed}\",\"key\":\"{text}\"");
    }

    /// <summary>The feed.</summary>
    public string Feed { get; }

    /// <summary>The key with its tenant, which no frame shows.</summary>
    public KeyName Key { get; }

    /// <summary>The members <c>"feed":…,"key":…</c>.</summary>
    public ReadOnlyMemory<byte> Json { get; }
}
