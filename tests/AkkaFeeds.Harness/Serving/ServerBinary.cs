namespace AkkaFeeds.Harness;

/// <summary>Where the <c>akkafeeds</c> binary is: AKKAFEEDS_BIN, else what this repository has built.</summary>
public static class ServerBinary
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    /// <summary>The path of the binary, of the same configuration as this assembly.</summary>
    /// <exception cref="FileNotFoundException">It has not been built.</exception>
    public static string Path
    {
        get
        {
            if (Environment.GetEnvironmentVariable("AKKAFEEDS_BIN") is { Length: > 0 } named)
            {
                return File.Exists(named) ? named
                    : throw new FileNotFoundException($"AKKAFEEDS_BIN: {named}: no such file");
            }

            var built = System.IO.Path.Combine(
                Root, "src", "AkkaFeeds.Server", "bin", Configuration, "net10.0", "akkafeeds");
            return File.Exists(built) ? built : throw new FileNotFoundException(
                $"{built} is not there: dotnet build src/AkkaFeeds.Server -c {Configuration}");
        }
    }

    /// <summary>The repository's root: the first folder upwards that holds the solution.</summary>
    public static string Root
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(System.IO.Path.Combine(folder.FullName, "AkkaFeeds.sln")))
                {
                    return folder.FullName;
                }
            }

            throw new InvalidOperationException("this program does not run inside its repository: set AKKAFEEDS_BIN");
        }
    }
}
