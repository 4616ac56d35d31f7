namespace AkkaFeeds.Server.Edge.Streams;

/// <summary>What stands before every stream, whichever way it comes.</summary>
/// <param name="Origins">Which pages may open one.</param>
/// <param name="Admission">How fast they are let in.</param>
/// <param name="Addresses">How many of one address there may be.</param>
/// <param name="Peers">Finds those whose other end is gone.</param>
/// <param name="Ends">How fast those that have ended are cleared away.</param>
internal sealed record StreamGuard(
    AllowedOrigins Origins, ConnectionAdmission Admission, AddressLimit Addresses, DeadPeers Peers, StreamEnds Ends)
{
    /// <summary>
    /// Lets a stream in, once it is its turn, until the place is disposed; no place where it has to come back later.
    /// </summary>
    public async ValueTask<(IDisposable? Place, int RetryAfterMilliseconds)> TryEnterAsync(HttpContext context)
    {
        // The address first: who is beyond his own limit must not empty the bucket of all.
        var place = Addresses.TryEnter(context.Connection.RemoteIpAddress);
        if (place is null)
        {
            return (null, AddressLimit.RetryAfterMilliseconds);
        }

        var isIn = false;
        try
        {
            var waited = context.Features.Get<ConnectionPace.Waited>()?.Take() ?? TimeSpan.Zero;
            var retryAfter = await Admission.EnterAsync(context.RequestAborted, waited).ConfigureAwait(false);
            isIn = retryAfter == 0;
            return (isIn ? place : null, retryAfter);
        }
        finally
        {
            if (!isIn)
            {
                place.Dispose();
            }
        }
    }

    /// <summary>Gives back the place of a stream that has ended; completes when it may be cleared away.</summary>
    public Task LeaveAsync(IDisposable place)
    {
        place.Dispose();
        return Ends.WaitAsync();
    }

    /// <summary>Lets one in that can be told by a problem document only.</summary>
    /// <exception cref="ProblemException">It has to come back later.</exception>
    public async ValueTask<IDisposable> EnterAsync(HttpContext context)
    {
        var (place, retryAfter) = await TryEnterAsync(context).ConfigureAwait(false);
        return place ?? throw ConnectionAdmission.TooMany(
            "More streams begin than this node lets in at once, or your address has as many as it may.", retryAfter);
    }
}
