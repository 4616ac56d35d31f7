using AkkaFeeds.Contracts;
using GraphQL;

namespace AkkaFeeds.Server.Edge.GraphQl;

/// <summary>The fields of queries: what HTTP reads, with the same checks.</summary>
internal sealed class FeedQueries(Lazy<IFeedReader> reader, EdgeGate gate)
{
    public Func<IResolveFieldContext, ValueTask<object?>> Key(FeedCard feed) => context => AnswerAsync(async () =>
        ShownKey.Of(await reader.Value.ReadAsync(feed.Name, FeedArguments.Key(context), context.CancellationToken)
            .ConfigureAwait(false)));

    public Func<IResolveFieldContext, ValueTask<object?>> Keys(FeedCard feed) => context => AnswerAsync(async () =>
    {
        var after = context.GetArgument<string?>("after") is { } text ? EdgeKeys.FromText(text).Key : null;
        var page = await reader.Value.KeysAsync(
            feed.Name, "", FeedArguments.Prefix(context), after, FeedArguments.Count(context, "first"),
            context.CancellationToken).ConfigureAwait(false);
        return page.Keys;
    });

    public Func<IResolveFieldContext, ValueTask<object?>> Rows(FeedCard feed) => context => AnswerAsync(async () =>
    {
        var page = await reader.Value.RowsAsync(
            feed.Name, "", FeedArguments.Rows(feed, context), context.CancellationToken).ConfigureAwait(false);
        return page.Rows.Select(row => ShownKey.Of(page, row)).ToList();
    });

    private async ValueTask<object?> AnswerAsync(Func<Task<object?>> read)
    {
        try
        {
            gate.ThrowIfShut();
            return await read().ConfigureAwait(false);
        }
        catch (ProblemException problem)
        {
            throw FeedErrors.Of(problem);
        }
        catch (NotReadyException notReady)
        {
            throw FeedErrors.Of(ProblemCodes.NotReady, notReady.Message);
        }
    }
}
