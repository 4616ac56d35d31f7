using AkkaFeeds.Contracts;

namespace AkkaFeeds.Server.Edge.WebSockets;

/// <summary>
/// The plain form: <c>?sub=flights:ATL&amp;frames=view</c> sends each view whole, one JSON object a message, and needs
/// no code on the other side. It is a client like others: its actor watches, and <see cref="PlainSocket"/> writes.
/// </summary>
internal static class PlainForm
{
    /// <summary>What a query asks for, each key once.</summary>
    /// <exception cref="ProblemException">It asks for nothing that is served.</exception>
    public static IReadOnlyList<(string Feed, KeyName Key)> Read(
        string query, FeedChecks feeds, int subscriptionsMax)
    {
        var parameters = QueryParameters.Parse(query, ["sub", "frames"], repeated: "sub");
        var subs = parameters.All("sub");
        if (parameters.Text("frames") != "view" || subs.Count == 0)
        {
            throw new ProblemException(
                ProblemCodes.BadFrame,
                "Ask for the subprotocol akkafeeds.v1, or for plain views with ?sub=FEED:KEY&frames=view, and sub as "
                + "often as you like.");
        }

        var keys = subs.Select(sub => SubscriptionText.Key(sub, feeds)).Select(sub => (sub.Feed.Name, sub.Key))
            .Distinct().ToList();
        return keys.Count <= subscriptionsMax ? keys : throw new ProblemException(
            ProblemCodes.Limit, $"A connection has at most {subscriptionsMax} subscriptions.");
    }
}
