namespace AkkaFeeds.Contracts;

/// <summary>A JSON object or array as compact UTF-8 text; equal when the text is.</summary>
public sealed class JsonValue(ReadOnlyMemory<byte> utf8) : IEquatable<JsonValue>
{
    /// <summary>The text: no white space outside strings; owned by this value and never written again.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; } = utf8;

    /// <inheritdoc/>
    public bool Equals(JsonValue? other) => other is not null && Utf8.Span.SequenceEqual(other.Utf8.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as JsonValue);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Utf8.Span);
        return hash.ToHashCode();
    }
}
