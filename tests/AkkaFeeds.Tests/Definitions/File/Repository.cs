namespace AkkaFeeds.Tests.Definitions.Files;

/// <summary>The folder of the sources, for tests that compare with committed files.</summary>
internal static class Repository
{
    public static string Folder { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "AkkaFeeds.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
