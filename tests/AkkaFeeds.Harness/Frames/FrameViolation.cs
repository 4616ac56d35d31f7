namespace AkkaFeeds.Harness;

/// <summary>One breach of the protocol.</summary>
/// <param name="Rule">The rule's short name.</param>
/// <param name="Client">The logical client that saw it.</param>
/// <param name="Message">What was expected and what came.</param>
/// <param name="History">The last frames of the same key or connection, the offending one at the end.</param>
public sealed record FrameViolation(string Rule, string Client, string Message, IReadOnlyList<string> History)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Client}: {Rule}: {Message}\n    {string.Join("\n    ", History)}";
}
