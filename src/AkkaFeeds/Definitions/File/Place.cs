namespace AkkaFeeds.Definitions.Files;

/// <summary>Where a value stands.</summary>
/// <param name="Origin">The file as the user named it, <c>environment</c> or <c>--set</c>.</param>
/// <param name="Line">The line, from 1; 0 outside of files.</param>
/// <param name="Column">The column, from 1; 0 outside of files.</param>
internal readonly record struct Place(string Origin, int Line, int Column)
{
    /// <summary>The name of the process' environment as an origin.</summary>
    public const string Environment = "environment";

    /// <summary>The name of the command line's settings as an origin.</summary>
    public const string Set = "--set";
}
