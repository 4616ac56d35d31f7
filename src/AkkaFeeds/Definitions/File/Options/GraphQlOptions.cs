namespace AkkaFeeds.Definitions.Files;

/// <summary>Section <c>graphql</c>: what one operation may ask for.</summary>
public sealed record GraphQlOptions
{
    /// <summary>
    /// How deep the fields of an operation may be nested; 3 to 100, default 16, which introspection takes.
    /// </summary>
    public int Depth { get; init; } = 16;

    /// <summary>
    /// The fields that an answer may have, each row of a collection counted; 10 to 10,000,000, default 20,000.
    /// </summary>
    public int Complexity { get; init; } = 20_000;

    /// <summary>
    /// How long a connection may take to send <c>connection_init</c>; 100 ms to 10 min, default 10 s. Then it is
    /// closed (4408).
    /// </summary>
    public TimeSpan InitTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
