namespace AkkaFeeds.Server.Edge;

/// <summary>
/// Says whether the engine behind the edge can be asked: the ports listen before it starts, so that a second process
/// is
/// refused by its port before it touches the store, and they go on listening while it stops.
/// </summary>
internal sealed class EdgeGate(IHostApplicationLifetime lifetime)
{
    /// <summary>Refuses while the engine starts or stops.</summary>
    public void ThrowIfShut()
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw IsStoppingProblem();
        }

        if (!lifetime.ApplicationStarted.IsCancellationRequested)
        {
            const string detail = "This node is starting; ask again.";
            throw new ProblemException(ProblemCodes.NotReady, detail) { RetryAfterSeconds = 1 };
        }
    }

    /// <summary>Cancelled when the client goes or this process stops: a long poll must not hold up the stop.</summary>
    public CancellationToken Until(HttpContext context)
    {
        var linked =
            CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.RegisterForDispose(linked);
        return linked.Token;
    }

    /// <summary>Calls back when this process begins to stop.</summary>
    public CancellationTokenRegistration OnStopping(Action act) => lifetime.ApplicationStopping.Register(act);

    /// <summary>Cancelled when this process begins to stop.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <summary>Whether this process stops, and with it what was asked for.</summary>
    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    public static ProblemException IsStoppingProblem()
    {
        const string detail = "This node is stopping; ask again, it or another will answer.";
        return new ProblemException(ProblemCodes.NotReady, detail) { RetryAfterSeconds = 1 };
    }
}
