namespace AkkaFeeds.Server.Cli;

/// <summary>Makes the errors of a command line that is not understood; exit code 2.</summary>
internal static class UsageError
{
    public static StartupException Of(string what, string why, string wayOut) =>
        new(what, why, wayOut, StartupException.BadInput);
}
