namespace AkkaFeeds.Tests.Tidy;

/// <summary>The repository as it stands on disk.</summary>
internal static class SourceTree
{
    private static readonly string[] Texts =
        [".cs", ".csproj", ".props", ".fsx", ".md", ".json", ".jsonl", ".yaml", ".yml", ".proto", ".sh", ".txt",
            ".js", ".ts"];

    private static readonly string[] Elsewhere =
        ["bin", "obj", "artifacts", "TestResults", "node_modules", ".git", ".vs", ".idea"];

    public static string Root { get; } = FindRoot();

    /// <summary>Every C# file under src, tests and benchmarks, sorted.</summary>
    public static IReadOnlyList<SourceFile> Files { get; } =
        [.. Paths().Where(path => path.EndsWith(".cs", StringComparison.Ordinal))
            .Select(path => new SourceFile(path, Read(path)))];

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Every text file, from the root, sorted.</summary>
    public static IEnumerable<string> Paths() => Walk(new DirectoryInfo(Root)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Walk(DirectoryInfo folder)
    {
        var here = folder.EnumerateFiles()
            .Where(file => Texts.Contains(file.Extension) || folder.Name == ".ci")
            .Select(file => Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'));
        var below = folder.EnumerateDirectories().Where(child => !Elsewhere.Contains(child.Name)).SelectMany(Walk);
        return here.Concat(below);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AkkaFeeds.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("AkkaFeeds.sln is in no folder above " + AppContext.BaseDirectory);
    }
}
