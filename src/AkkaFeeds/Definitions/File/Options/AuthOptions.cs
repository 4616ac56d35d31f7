namespace AkkaFeeds.Definitions.Files;

/// <summary>Section <c>auth</c>: whose tokens are believed.</summary>
public sealed record AuthOptions
{
    /// <summary>The issuer that a token must name.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>The audience that a token must name.</summary>
    public string Audience { get; init; } = "";

    /// <summary>The keys (JWKS): an absolute file path, or an http(s) URL.</summary>
    public string Keys { get; init; } = "";

    /// <summary>The claim that holds a client's tenant; null for the single tenant <c>''</c>.</summary>
    public string? Tenant { get; init; }
}
