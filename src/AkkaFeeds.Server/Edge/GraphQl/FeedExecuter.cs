using System.Text;
using System.Text.Json;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Files;
using GraphQL;
using GraphQL.SystemTextJson;
using GraphQL.Transport;
using GraphQL.Types;
using GraphQL.Validation;
using GraphQL.Validation.Complexity;
using GraphQL.Validation.Rules.Custom;

namespace AkkaFeeds.Server.Edge.GraphQl;

/// <summary>Runs operations over the feeds' schema, within limits of depth and complexity.</summary>
/// <param name="feeds">The feeds.</param>
/// <param name="queries">Answers queries.</param>
/// <param name="options">The limits.</param>
/// <param name="log">Takes what fails inside.</param>
internal sealed partial class FeedExecuter(
    FeedChecks feeds, FeedQueries queries, GraphQlOptions options, ILogger<FeedExecuter> log)
{
    private readonly DocumentExecuter executer = new();
    private readonly GraphQLSerializer serializer = new(
        settings => settings.MaxDepth = ViewDepth.Most, new FeedErrors());
    private readonly Lazy<Schema> schema = new(() => FeedSchema.Make(feeds.All, queries));
    private readonly IReadOnlyList<IValidationRule> rules =
        [.. DocumentValidator.CoreRules, new ComplexityValidationRule(new ComplexityOptions
        {
            MaxDepth = options.Depth,
            MaxComplexity = options.Complexity,
            DefaultComplexityImpactDelegate = ImpactOf,
        })];

    /// <summary>Results that several connections may be sent.</summary>
    public SharedResults Results { get; } = new();

    /// <summary>What an operation selects: requests with the same are executed alike.</summary>
    public string SelectionOf(GraphQLRequest request) =>
        $"{request.OperationName}\n{serializer.Serialize(request.Variables)}\n{request.Query}";

    /// <summary>Reads a request: query, variables, operationName.</summary>
    /// <exception cref="ProblemException">It is none.</exception>
    public GraphQLRequest Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var request = serializer.Deserialize<GraphQLRequest>(Encoding.UTF8.GetString(json));
            return request is { Query: not null }
                ? request
                : throw new ProblemException(ProblemCodes.BadFrame, "The body has no member query.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new ProblemException(
                ProblemCodes.BadFrame, "The body is not JSON of the form {\"query\":\"...\",\"variables\":{...}}.");
        }
    }

    /// <summary>Runs an operation.</summary>
    /// <param name="request">It.</param>
    /// <param name="subscriber">Whom subscriptions are for; null where none can be.</param>
    /// <param name="cancellation">Ends a query.</param>
    public Task<ExecutionResult> RunAsync(
        GraphQLRequest request, ISubscriber? subscriber, CancellationToken cancellation) =>
        executer.ExecuteAsync(new ExecutionOptions
        {
            Schema = schema.Value,
            Query = request.Query,
            Variables = request.Variables,
            OperationName = request.OperationName,
            ValidationRules = rules,
            UserContext = new Dictionary<string, object?> { [ISubscriber.Name] = subscriber },
            CancellationToken = cancellation,
            UnhandledExceptionDelegate = context =>
            {
                Failed(context.OriginalException);
                return Task.CompletedTask;
            },
        });

    /// <summary>A result, or any part of one, as JSON.</summary>
    public byte[] Write<T>(T value) => Encoding.UTF8.GetBytes(serializer.Serialize(value));

    // A list costs what it may hold; introspection's lists are the schema's, whose size no client chooses.
    private static FieldComplexityResult ImpactOf(FieldImpactContext context)
    {
        var type = context.FieldDefinition.ResolvedType;
        var isList = type is NonNullGraphType { ResolvedType: ListGraphType } or ListGraphType;
        var isOfSchema = context.ParentType?.Name.StartsWith("__", StringComparison.Ordinal) == true
            || context.FieldDefinition.Name.StartsWith("__", StringComparison.Ordinal);
        var count = !isList || isOfSchema ? 1
            : context.GetArgument<int?>("limit", null) ?? context.GetArgument<int?>("first", null)
                ?? FeedEndpoints.AnswerItemsStandard;
        return new FieldComplexityResult(1, Math.Max(1, count));
    }

    [LoggerMessage(EventId = 1002, Level = LogLevel.Error, Message = "A GraphQL operation failed")]
    private partial void Failed(Exception exception);
}
