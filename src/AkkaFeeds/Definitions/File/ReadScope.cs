namespace AkkaFeeds.Definitions.Files;

/// <summary>What a reading of one file shares: its errors, its folder, and where each field was found.</summary>
internal sealed class ReadScope(ErrorList errors, string file, string folder)
{
    private readonly Dictionary<string, YamlNode> seen = new(StringComparer.Ordinal);
    private readonly HashSet<string> refused = new(StringComparer.Ordinal);

    public ErrorList Errors { get; } = errors;

    /// <summary>The folder of the file, absolute: relative paths start here.</summary>
    public string Folder { get; } = folder;

    /// <summary>The node of a field; null where the file and the overrides do not name it.</summary>
    public YamlNode? Find(string path) => seen.GetValueOrDefault(path);

    /// <summary>Notes that a field is there, so that it is not reported as missing when its value is wrong.</summary>
    public void Note(string path, YamlNode node) => seen[path] = node;

    /// <summary>Whether the value of a field was read and nothing was wrong with it.</summary>
    public bool IsGood(string path) => seen.ContainsKey(path) && !refused.Contains(path);

    /// <summary>Whether something is wrong with the value of a field.</summary>
    public bool IsRefused(string path) => refused.Contains(path);

    /// <summary>Reports a value as it stands.</summary>
    public void Refuse(YamlNode node, string path, string problem, string suggestion)
    {
        refused.Add(path);
        Errors.Add(node, path, problem, suggestion);
    }

    /// <summary>Reports a field that is not there, at the mapping that lacks it.</summary>
    public void RefuseMissing(YamlNode? at, string path, string suggestion)
    {
        refused.Add(path);
        Errors.Add(at?.Place ?? new Place(file, 1, 1), path, "", "is missing", suggestion);
    }

    /// <summary>Whether YAML took the value for what it is; reports what it took it for otherwise.</summary>
    public bool IsUsable(YamlNode node, string path)
    {
        var (problem, suggestion) = node.Misread switch
        {
            Misread.Tag => ("tags are refused", "remove the tag, or quote the value"),
            Misread.Anchor => ("anchors are refused", "write the value without it, or quote the value"),
            Misread.Alias => ("aliases are refused", "write the value out, or quote it"),
            Misread.Syntax when YamlText.IsCutOff(node.Raw) => ("a bracket or a quote is not closed", "close it"),
            Misread.Syntax => ("YAML cannot read it", "quote it"),
            _ => ("", ""),
        };
        if (problem.Length == 0)
        {
            return true;
        }

        Refuse(node, path, problem, suggestion);
        return false;
    }
}
