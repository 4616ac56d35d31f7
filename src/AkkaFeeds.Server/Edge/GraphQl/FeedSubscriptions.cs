using AkkaFeeds.Contracts;
using GraphQL;

namespace AkkaFeeds.Server.Edge.GraphQl;

/// <summary>The fields of subscriptions: each asks the subscriber of its operation.</summary>
internal static class FeedSubscriptions
{
    public static Func<IResolveFieldContext, IObservable<object?>> Key(FeedCard feed) => context =>
        Begin(context, subscriber => subscriber.Key(feed, FeedArguments.Key(context)));

    public static Func<IResolveFieldContext, IObservable<object?>> Rows(FeedCard feed) => context =>
        Begin(context, subscriber => subscriber.Rows(feed, FeedArguments.Rows(feed, context)));

    private static IObservable<object?> Begin(
        IResolveFieldContext context, Func<ISubscriber, IObservable<object?>> begin)
    {
        try
        {
            return context.UserContext[ISubscriber.Name] is ISubscriber subscriber
                ? begin(subscriber)
                : throw FeedErrors.Of(
                    ProblemCodes.UnknownOp,
                    "Subscriptions need a WebSocket with the subprotocol graphql-transport-ws.");
        }
        catch (ProblemException problem)
        {
            throw FeedErrors.Of(problem);
        }
    }
}
