namespace AkkaFeeds.Server.Edge.Streams;

/// <summary>What stands before every stream, whichever way it comes.</summary>
/// <param name="Origins">Which pages may open one.</param>
/// <param name="Admission">How fast they are let in.</param>
/// <param name="Addresses">How many of one address there may be.</param>
/// <param name="Peers">Finds those whose other end is gone.</param>
internal sealed record StreamGuard(
    AllowedOrigins Origins, ConnectionAdmission Admission, AddressLimit Addresses, DeadPeers Peers)
{
    /// <summary>Lets a stream in until the result is disposed; null where it has to come back later.</summary>
    public IDisposable? TryEnter(HttpContext context, out int retryAfterMilliseconds)
    {
        // The address first: who is beyond his own limit must not empty the bucket of all.
        var place = Addresses.TryEnter(context.Connection.RemoteIpAddress);
        if (place is null)
        {
            retryAfterMilliseconds = AddressLimit.RetryAfterMilliseconds;
            return null;
        }

        if (!Admission.TryEnter(out retryAfterMilliseconds))
        {
            place.Dispose();
            return null;
        }

        return place;
    }

    /// <summary>Lets one in that can be told by a problem document only.</summary>
    /// <exception cref="ProblemException">It has to come back later.</exception>
    public IDisposable Enter(HttpContext context) => TryEnter(context, out var retryAfterMilliseconds)
        ?? throw ConnectionAdmission.TooMany(
            "More streams begin than this node lets in at once, or your address has as many as it may.",
            retryAfterMilliseconds);
}
