using AkkaFeeds.Server.Config;

namespace AkkaFeeds.Server.Cli;

/// <summary>Addresses given as options become settings, so that the file's own rules check them, too.</summary>
internal static class AddressOptions
{
    private static readonly (string Option, string Setting)[] All =
        [("--http", "http.urls"), ("--admin", "admin.urls")];

    /// <summary>What was given, as settings.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Settings(Invocation invocation) =>
        from known in All
        let text = invocation.Value(known.Option)
        where text is not null
        select KeyValuePair.Create(known.Setting, $"http://{ListenAddress.Parse(known.Option, text)}");

    /// <summary>The option that was given in the place of a setting; null where none was.</summary>
    public static string? GivenFor(string setting, Invocation invocation) =>
        All.FirstOrDefault(known => known.Setting == setting && invocation.Has(known.Option)).Option;
}
