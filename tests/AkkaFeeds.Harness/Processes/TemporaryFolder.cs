namespace AkkaFeeds.Harness;

/// <summary>A folder of its own under the system's temporary one, removed at the end.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Makes it.</summary>
    public TemporaryFolder() => FullName = Directory.CreateTempSubdirectory("akkafeeds-").FullName;

    /// <summary>Its path.</summary>
    public string FullName { get; }

    /// <summary>A path inside it.</summary>
    public string File(string name) => Path.Combine(FullName, name);

    /// <summary>Copies a folder and all in it; the target must not exist.</summary>
    public static void Copy(string source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var file in Directory.EnumerateFiles(source))
        {
            System.IO.File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }

        foreach (var folder in Directory.EnumerateDirectories(source))
        {
            Copy(folder, Path.Combine(target, Path.GetFileName(folder)));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(FullName))
        {
            Directory.Delete(FullName, recursive: true);
        }
    }
}
