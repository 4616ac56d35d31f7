using GraphQL;
using GraphQL.Execution;
using GraphQL.Validation.Errors;
using GraphQL.Validation.Errors.Custom;

namespace AkkaFeeds.Server.Edge.GraphQl;

/// <summary>Errors of GraphQL with the product's own codes in <c>extensions.code</c>.</summary>
internal sealed class FeedErrors : IErrorInfoProvider
{
    public static ExecutionError Of(ProblemException problem) => Of(problem.Code, problem.Message);

    public static ExecutionError Of(string code, string message) => new(message) { Code = code };

    /// <inheritdoc/>
    public ErrorInfo GetInfo(ExecutionError executionError) => new()
    {
        Message = executionError is UnhandledError
            ? "The request failed inside the server; its log says why." : executionError.Message,
        Extensions = new Dictionary<string, object?> { ["code"] = CodeOf(executionError) },
    };

    // What the executer finds wrong itself is wrong with the text that was sent.
    private static string CodeOf(ExecutionError error) => error switch
    {
        UnhandledError => ProblemCodes.Internal,
        FieldsOnCorrectTypeError => ProblemCodes.UnknownField,
        ComplexityError => ProblemCodes.Limit,
        _ when error.Code is { } code && ProblemCodes.IsKnown(code) => code,
        _ => ProblemCodes.BadFrame,
    };
}
