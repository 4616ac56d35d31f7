using AkkaFeeds.Definitions;
using AkkaFeeds.Definitions.Files;
using AkkaFeeds.Server.Edge;

namespace AkkaFeeds.Server.Cli;

/// <summary>Shows what is wrong with a file.</summary>
internal static class FileErrors
{
    // Settings that have an option of their own, which stands for the setting.
    private static readonly (string Field, string Option)[] Own = [("http.urls", "--http"), ("admin.urls", "--admin")];

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

    private static DefinitionError AsGiven(DefinitionError error, Invocation invocation)
    {
        var option = Own.FirstOrDefault(own => own.Field == error.Field).Option;
        return error.File == Place.Set && option is not null && invocation.Has(option)
            ? error with { File = option }
            : error;
    }
}
