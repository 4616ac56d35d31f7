using AkkaFeeds.Server.Config;

namespace AkkaFeeds.Server.Demo;

/// <summary>The file that the demo serves: it is built in, and settings are laid over it as over any other.</summary>
internal static class DemoFile
{
    /// <summary>What errors call it.</summary>
    public const string Name = "flights.yaml";

    /// <summary>The file's text.</summary>
    public static string Text()
    {
        using var reader = new StreamReader(Open(Name));
        return reader.ReadToEnd();
    }

    /// <summary>Reads it with the process's environment and settings over it.</summary>
    public static LoadedFile Load(IReadOnlyList<KeyValuePair<string, string>> sets) =>
        LoadedFile.OfText(Text(), Name, sets);

    /// <summary>Opens a resource of this folder.</summary>
    public static Stream Open(string resource) =>
        typeof(DemoFile).Assembly.GetManifestResourceStream($"AkkaFeeds.Server.Demo.{resource}")
        ?? throw new InvalidOperationException($"{resource} is not in the assembly");
}
