namespace AkkaFeeds.Server.Edge;

/// <summary>A request that cannot be answered; becomes an RFC 9457 problem document.</summary>
/// <param name="code">One of <see cref="ProblemCodes"/>.</param>
/// <param name="detail">What is wrong and what to do; input in it is quoted by <see cref="ShownText"/>.</param>
internal sealed class ProblemException(string code, string detail) : Exception(detail)
{
    public string Code { get; } = code;

    /// <summary>The status, where it is not the code's own (405 is an unknown operation, too).</summary>
    public int? Status { get; init; }

    /// <summary>Seconds for <c>Retry-After</c>; null for none.</summary>
    public int? RetryAfterSeconds { get; init; }
}
