using AkkaFeeds.Definitions;
using AkkaFeeds.Definitions.Files;
using AkkaFeeds.Server.Edge;

namespace AkkaFeeds.Server.Cli;

/// <summary>Shows what is wrong with a file.</summary>
internal static class FileErrors
{
    /// <summary>One line an error, then the line that ends the verb.</summary>
    public static StartupException Report(
        string file, IReadOnlyList<DefinitionError> found, Invocation invocation, TextWriter errors)
    {
        foreach (var error in found)
        {
            errors.WriteLine(ShownText.Escape(AsGiven(error, invocation).ToString()));
        }

        return new StartupException(
            file, found.Count == 1 ? "1 error" : $"{found.Count} errors", "correct what the lines above name",
            StartupException.BadInput);
    }

    // A setting that an option of its own has given is named by that.
    private static DefinitionError AsGiven(DefinitionError error, Invocation invocation) =>
        error.File == Place.Set && AddressOptions.GivenFor(error.Field, invocation) is { } option
            ? error with { File = option }
            : error;
}
