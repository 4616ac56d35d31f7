namespace AkkaFeeds.Tests.Tidy;

/// <summary>A C# file as its text and as its code alone.</summary>
internal sealed class SourceFile
{
    public SourceFile(string path, string text)
    {
        Path = path;
        Lines = text.Split('\n');
        Code = CodeMask.Apply(text);
        CodeLines = Code.Split('\n');
    }

    /// <summary>From the repository's root, with forward slashes.</summary>
    public string Path { get; }

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public string[] Lines { get; }

    /// <summary>The text with comments, strings and characters blanked, every other character where it was.</summary>
    public string Code { get; }

    public string[] CodeLines { get; }

    /// <summary>A last empty line is the end of the one before it.</summary>
    public int LineCount => Lines.Length - (Lines[^1].Length == 0 ? 1 : 0);

    public bool IsUnder(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);

    public int LineAt(int index) => Code.AsSpan(0, index).Count('\n') + 1;
}
