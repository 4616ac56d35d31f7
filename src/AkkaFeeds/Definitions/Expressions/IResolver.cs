namespace AkkaFeeds.Definitions.Expressions;

/// <summary>
/// Says what the names of an expression stand for. A record's fields are bound to columns, a view's to its fields and
/// aggregates.
/// </summary>
internal interface IResolver
{
    /// <summary>
    /// Binds a name, a path, a <c>$name</c> or a call to a place among the scope's values; false where it is none of
    /// them.
    /// </summary>
    /// <param name="syntax">What is written.</param>
    /// <param name="index">The place.</param>
    /// <param name="kinds">The kinds that it can have.</param>
    bool TryResolve(Syntax syntax, out int index, out Kinds kinds);

    /// <summary>Reports what is wrong with a name or a call that nothing knows.</summary>
    void ReportUnknown(Syntax syntax);

    /// <summary>Reports an error at an offset of the text.</summary>
    void Report(int offset, string problem, string suggestion);
}
