using System.Globalization;

namespace AkkaFeeds.Definitions;

/// <summary>One thing that is wrong with a file. All are reported together.</summary>
/// <param name="File">The file's name as the user gave it; or <c>environment</c>, <c>--set</c>.</param>
/// <param name="Line">The line, from 1; 0 for the environment and the command line.</param>
/// <param name="Column">The column, from 1; 0 likewise.</param>
/// <param name="Field">The path, such as <c>feeds.flights.view.departures</c>.</param>
/// <param name="Value">The value as it stands, cut at 80 characters.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Suggestion">The way out.</param>
public sealed record DefinitionError(
    string File, int Line, int Column, string Field, string Value, string Problem, string Suggestion)
{
    /// <summary><c>file:line:column: field: value: what is wrong; suggestion</c>; the environment and the command
    /// line, which
    /// have no lines, are named without them.</summary>
    public override string ToString()
    {
        var place = Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}") : File;
        return $"{place}: {Field}: {Value}: {Problem}; {Suggestion}";
    }
}
