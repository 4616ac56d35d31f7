namespace AkkaFeeds.Definitions;

/// <summary>A text of the file with the place where it stands, for errors.</summary>
/// <param name="Text">The text, as YAML gave it.</param>
/// <param name="Field">The path in the file, such as <c>feeds.flights.view.departures</c>.</param>
/// <param name="Line">The line, from 1; 0 where it came from the environment or the command line.</param>
/// <param name="Column">The column, from 1.</param>
public sealed record SourceText(string Text, string Field, int Line, int Column)
{
    /// <summary>
    /// The file as the user named it, <c>environment</c> or <c>--set</c>; empty where the text is not from a file.
    /// </summary>
    public string Origin { get; init; } = "";
}
