namespace AkkaFeeds.Definitions.Expressions;

/// <summary>Whether an expression calls a function.</summary>
internal static class CallSearch
{
    public static bool Calls(Syntax syntax, string function) => syntax switch
    {
        CallSyntax call => call.Name == function || call.Arguments.Any(argument => Calls(argument, function)),
        SelectSyntax select => Calls(select.Target, function),
        IndexSyntax index => Calls(index.Target, function) || Calls(index.Index, function),
        UnarySyntax unary => Calls(unary.Operand, function),
        BinarySyntax binary => Calls(binary.Left, function) || Calls(binary.Right, function),
        ConditionalSyntax choice => Calls(choice.Condition, function) || Calls(choice.Then, function)
            || Calls(choice.Else, function),
        ListSyntax list => list.Items.Any(item => Calls(item, function)),
        MapSyntax map => map.Members.Any(member => Calls(member.Key, function) || Calls(member.Value, function)),
        _ => false,
    };
}
