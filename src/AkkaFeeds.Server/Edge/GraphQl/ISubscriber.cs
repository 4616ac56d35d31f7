using AkkaFeeds.Contracts;

namespace AkkaFeeds.Server.Edge.GraphQl;

/// <summary>Whom the fields of a subscription are for.</summary>
internal interface ISubscriber
{
    /// <summary>Under which name the executer hands it on.</summary>
    const string Name = "subscriber";

    /// <summary>Shows a key from the moment at which the result is watched.</summary>
    IObservable<object?> Key(FeedCard feed, KeyName key);

    /// <summary>Shows a collection.</summary>
    IObservable<object?> Rows(FeedCard feed, RowsQuery query);
}
