using GraphQL.Types;
using GraphQLParser.AST;

namespace AkkaFeeds.Server.Edge.GraphQl;

/// <summary>Any JSON value, as it is.</summary>
internal sealed class JsonGraphType : ScalarGraphType
{
    public JsonGraphType()
    {
        Name = "Json";
        Description = "Any JSON value, as it stands in the view.";
    }

    /// <summary>No argument has this type.</summary>
    public override object? ParseLiteral(GraphQLValue value) => ThrowLiteralConversionError(value);

    /// <inheritdoc/>
    public override object? ParseValue(object? value) => ThrowValueConversionError(value);

    /// <inheritdoc/>
    public override object? Serialize(object? value) => value;
}
