using AkkaFeeds.Contracts;

namespace AkkaFeeds.Definitions.Expressions;

/// <summary>
/// An expression as it is written. <c>Start</c> and <c>End</c> are offsets in the text, for errors and for names.
/// </summary>
internal abstract record Syntax(int Start, int End);

internal sealed record LiteralSyntax(Value Value, int Start, int End) : Syntax(Start, End);

/// <summary>A field of the record, or of the view outside aggregates.</summary>
internal sealed record NameSyntax(string Name, int Start, int End) : Syntax(Start, End);

/// <summary>What the record has beside its value: <c>key headers timestamp topic partition offset</c>.</summary>
internal sealed record MetaSyntax(string Name, int Start, int End) : Syntax(Start, End);

/// <summary>The star of <c>last(*)</c>.</summary>
internal sealed record StarSyntax(int Start, int End) : Syntax(Start, End);

internal sealed record SelectSyntax(Syntax Target, string Member, int Start, int End) : Syntax(Start, End);

internal sealed record IndexSyntax(Syntax Target, Syntax Index, int Start, int End) : Syntax(Start, End);

/// <summary>A call; a method call has its target as first argument, because both forms mean the same here.</summary>
internal sealed record CallSyntax(string Name, IReadOnlyList<Syntax> Arguments, bool IsMethod, int Start, int End)
    : Syntax(Start, End);

internal sealed record UnarySyntax(string Operator, Syntax Operand, int Start, int End) : Syntax(Start, End);

internal sealed record BinarySyntax(string Operator, Syntax Left, Syntax Right, int Start, int End)
    : Syntax(Start, End);

internal sealed record ConditionalSyntax(Syntax Condition, Syntax Then, Syntax Else, int Start, int End)
    : Syntax(Start, End);

internal sealed record ListSyntax(IReadOnlyList<Syntax> Items, int Start, int End) : Syntax(Start, End);

internal sealed record MapSyntax(IReadOnlyList<KeyValuePair<Syntax, Syntax>> Members, int Start, int End)
    : Syntax(Start, End);
