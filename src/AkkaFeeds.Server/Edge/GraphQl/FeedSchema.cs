using System.Text.Json;
using GraphQL;
using GraphQL.Resolvers;
using GraphQL.Types;

namespace AkkaFeeds.Server.Edge.GraphQl;

/// <summary>The schema of all feeds, made from what the edge knows of them (product.md, section 7).</summary>
internal sealed class FeedSchema
{
    private static readonly string[] States = ["live", "stale", "partial", "rebuilding", "blank"];

    // A type has one instance in a schema.
    private readonly StringGraphType text = new();
    private readonly LongGraphType whole = new();
    private readonly IntGraphType count = new();
    private readonly FloatGraphType number = new();
    private readonly BooleanGraphType flag = new();
    private readonly JsonGraphType json = new();
    private readonly EnumerationGraphType state = new() { Name = "State", Description = "How fresh a key is." };

    private FeedSchema()
    {
        foreach (var word in States)
        {
            state.Add(word, word);
        }
    }

    /// <summary>A feed's name in GraphQL.</summary>
    public static string NameOf(FeedCard feed) => feed.Name.Replace('-', '_');

    /// <summary>Makes the schema.</summary>
    /// <param name="feeds">The feeds.</param>
    /// <param name="queries">Answers the fields of queries.</param>
    public static Schema Make(IEnumerable<FeedCard> feeds, FeedQueries queries)
    {
        var make = new FeedSchema();
        var query = new ObjectGraphType { Name = "Query" };
        var subscription = new ObjectGraphType { Name = "Subscription" };
        foreach (var feed in feeds)
        {
            make.Add(feed, query, subscription, queries);
        }

        var schema = new Schema { Query = query, Subscription = subscription };
        schema.Initialize();
        return schema;
    }

    private void Add(FeedCard feed, ObjectGraphType query, ObjectGraphType subscription, FeedQueries queries)
    {
        var name = NameOf(feed);
        var type = KeyType(feed, name);
        var key = new NonNullGraphType(type);
        var keys = new NonNullGraphType(new ListGraphType(new NonNullGraphType(text)));
        var rows = new NonNullGraphType(new ListGraphType(new NonNullGraphType(type)));
        query.AddField(Field(name, key, KeyArguments(), queries.Key(feed)));
        query.AddField(Field($"{name}_keys", keys, KeysArguments(), queries.Keys(feed)));
        query.AddField(Field($"{name}_rows", rows, RowsArguments(), queries.Rows(feed)));
        subscription.AddField(Stream(name, key, KeyArguments(), FeedSubscriptions.Key(feed)));
        subscription.AddField(Stream($"{name}_rows", rows, RowsArguments(), FeedSubscriptions.Rows(feed)));
    }

    private ObjectGraphType<ShownKey> KeyType(FeedCard feed, string name)
    {
        var type = new ObjectGraphType<ShownKey> { Name = name, Description = $"A key of the feed {feed.Name}." };
        type.AddField(Member("key", new NonNullGraphType(text), shown => shown.Key));
        type.AddField(Member("epoch", new NonNullGraphType(text), shown => shown.Epoch));
        type.AddField(Member("version", new NonNullGraphType(whole), shown => shown.Version));
        type.AddField(Member("state", new NonNullGraphType(state), shown => shown.State));
        type.AddField(Member("reason", text, shown => shown.Reason));
        type.AddField(Member("at", whole, shown => shown.At));
        type.AddField(Member("cause", text, shown => shown.Cause));
        IGraphType data = feed.AnyField ? json : DataType(feed, name);
        type.AddField(Member("data", data, shown => shown.Data));
        return type;
    }

    private ObjectGraphType DataType(FeedCard feed, string name)
    {
        var type = new ObjectGraphType { Name = $"{name}Data", Description = $"The view of the feed {feed.Name}." };
        foreach (var field in feed.Fields)
        {
            IGraphType of = field.Type switch
            {
                "long" => whole,
                "double" => number,
                "string" or "time" => text,
                "bool" => flag,
                _ => json,
            };
            type.AddField(new FieldType
            {
                Name = field.Name,
                ResolvedType = of,
                Resolver = new FuncFieldResolver<object>(context => ValueOf((JsonElement)context.Source!, field)),
            });
        }

        return type;
    }

    private static object? ValueOf(JsonElement view, FieldCard field) =>
        !view.TryGetProperty(field.Name, out var value) ? null : field.Type switch
        {
            "long" => value.GetInt64(),
            "double" => value.GetDouble(),
            "string" or "time" => value.GetString(),
            "bool" => value.GetBoolean(),
            _ => value,
        };

    private static FieldType Member(string name, IGraphType type, Func<ShownKey, object?> value) => new()
    {
        Name = name,
        ResolvedType = type,
        Resolver = new FuncFieldResolver<object>(context => value((ShownKey)context.Source!)),
    };

    private static FieldType Field(
        string name, IGraphType type, QueryArguments arguments,
        Func<IResolveFieldContext, ValueTask<object?>> resolve) =>
        new()
        {
            Name = name,
            ResolvedType = type,
            Arguments = arguments,
            Resolver = new FuncFieldResolver<object>(resolve),
        };

    private static FieldType Stream(
        string name, IGraphType type, QueryArguments arguments,
        Func<IResolveFieldContext, IObservable<object?>> begin) =>
        new()
        {
            Name = name,
            ResolvedType = type,
            Arguments = arguments,
            StreamResolver = new SourceStreamResolver<object>(begin),
            Resolver = new FuncFieldResolver<object>(context => context.Source),
        };

    private QueryArguments KeyArguments() =>
        new(new QueryArgument(new NonNullGraphType(text)) { Name = "key" });

    private QueryArguments KeysArguments() => new(
        new QueryArgument(text) { Name = "prefix" },
        new QueryArgument(count) { Name = "first" },
        new QueryArgument(text) { Name = "after" });

    private QueryArguments RowsArguments() => new(
        new QueryArgument(text) { Name = "prefix" },
        new QueryArgument(text) { Name = "sort" },
        new QueryArgument(count) { Name = "limit" });
}
