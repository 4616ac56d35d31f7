using AkkaFeeds.Definitions;
using AkkaFeeds.Server.Edge;

namespace AkkaFeeds.Server.Cli;

/// <summary>Shows what is wrong with a file.</summary>
internal static class FileErrors
{
    /// <summary>One line an error, then the line that ends the verb.</summary>
    public static StartupException Report(string file, IReadOnlyList<DefinitionError> found, TextWriter errors)
    {
        foreach (var error in found)
        {
            errors.WriteLine(ShownText.Escape(error.ToString()));
        }

        return new StartupException(
            file, found.Count == 1 ? "1 error" : $"{found.Count} errors", "correct what the lines above name",
            StartupException.BadInput);
    }
}
