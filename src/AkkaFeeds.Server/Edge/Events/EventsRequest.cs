using System.Security.Cryptography;
using System.Text;
using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Server.Edge.Events;

/// <summary>What one event stream asks for: keys, a collection, or both.</summary>
internal sealed class EventsRequest
{
    private const string Usage =
        "Ask for keys with ?sub=FEED:KEY, as often as you like, or for a collection with ?rows=FEED.";

    private static readonly string[] Parameters =
        ["sub", "rows", "prefix", "fields", "sort", "limit", "lastEventId"];

    private readonly Dictionary<(string Feed, KeyName Key), int> places = [];

    private EventsRequest(
        IReadOnlyList<(string Feed, KeyName Key)> keys, (string Feed, RowsQuery Query)? rows, string? lastEventId)
    {
        Keys = keys;
        Rows = rows;
        LastEventId = lastEventId;
        foreach (var key in keys)
        {
            places.Add(key, places.Count);
        }

        // A token holds only for what it was given for: keys in this order, of this tenant.
        Binding = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
            '\0', keys.Select(key => $"{key.Feed}\0{key.Key.Tenant}\0{key.Key.Key}"))));
    }

    /// <summary>The keys, each once.</summary>
    public IReadOnlyList<(string Feed, KeyName Key)> Keys { get; }

    /// <summary>The collection; null for none.</summary>
    public (string Feed, RowsQuery Query)? Rows { get; }

    /// <summary>Stands for the keys in a token.</summary>
    public byte[] Binding { get; }

    /// <summary>What the client read last, as it says; null for nothing.</summary>
    public string? LastEventId { get; }

    /// <summary>Reads a request.</summary>
    /// <param name="query">The query, raw.</param>
    /// <param name="lastEventId">The header <c>Last-Event-ID</c>; it counts before the parameter of that name.</param>
    /// <param name="feeds">The feeds.</param>
    /// <param name="subscriptionsMax">How many subscriptions a connection may have.</param>
    /// <exception cref="ProblemException">It asks for nothing that is served.</exception>
    public static EventsRequest Read(string query, string? lastEventId, FeedChecks feeds, int subscriptionsMax)
    {
        var parameters = QueryParameters.Parse(query, Parameters, repeated: "sub");
        var keys = parameters.All("sub").Select(sub => SubscriptionText.Key(sub, feeds))
            .Select(sub => (sub.Feed.Name, sub.Key)).Distinct().ToList();
        (string, RowsQuery)? rows = null;
        if (parameters.Text("rows") is { } name)
        {
            var feed = feeds.Feed(name);
            rows = (feed.Name, SubscriptionText.Rows(feed, parameters));
        }
        else if (Array.Find(Parameters[2..6], each => parameters.Text(each) is not null) is { } alone)
        {
            throw new ProblemException(
                ProblemCodes.BadFrame, $"{alone} belongs to a collection: give ?rows=FEED, too.");
        }

        var count = keys.Count + (rows is null ? 0 : 1);
        if (count == 0 || count > subscriptionsMax)
        {
            throw count == 0
                ? new ProblemException(ProblemCodes.BadFrame, Usage)
                : new ProblemException(
                    ProblemCodes.Limit, $"A connection has at most {subscriptionsMax} subscriptions.");
        }

        return new EventsRequest(
            keys, rows, string.IsNullOrEmpty(lastEventId) ? parameters.Text("lastEventId") : lastEventId);
    }

    /// <summary>The place of a key among <see cref="Keys"/>.</summary>
    public int PlaceOf(HeldKey held) => places[(held.Feed, held.Key)];
}
