namespace AkkaFeeds.Definitions.Files;

/// <summary>
/// Reads a mapping by a table: known keys into the target, the others into errors with a suggestion.
/// </summary>
internal static class SectionReader
{
    /// <param name="map">The mapping to read.</param>
    /// <param name="options">The whole table.</param>
    /// <param name="section">The section inside the table that the mapping is, with a trailing dot; or empty.</param>
    /// <param name="root">The path of the table's root in the file; empty for the file's own.</param>
    /// <param name="target">What to read into.</param>
    /// <param name="scope">The reading.</param>
    public static TTarget Read<TTarget>(
        MapNode map, IReadOnlyList<Option<TTarget>> options, string section, string root, TTarget target,
        ReadScope scope)
    {
        var meant = new HashSet<string?>();
        foreach (var (key, node) in map.Entries)
        {
            var name = section + key.Text;
            var path = Join(root, name);
            scope.Note(path, node);
            if (options.FirstOrDefault(option => option.Path == name) is { } option)
            {
                target = option.Read(target, node, path, scope);
            }
            else if (
                key.Text.Length > 0 && options.Any(each => each.Path.StartsWith(name + ".", StringComparison.Ordinal)))
            {
                target = ReadSection(node, options, name, root, target, scope);
            }
            else
            {
                meant.Add(Suggest.Nearest(key.Text, Names(options, section)));
                scope.Errors.Add(key.Place, path, node.Raw, "is unknown", WayOut(key.Text, options, section, root));
            }
        }

        foreach (var option in options.Where(each => each.IsRequired && SectionOf(each.Path) == section))
        {
            var path = Join(root, option.Path);
            // A misspelt key was reported already: it is not missing, too.
            if (scope.Find(path) is null && !meant.Contains(option.Path[section.Length..]))
            {
                scope.RefuseMissing(map, path, $"write {option.Example}");
            }
        }

        return target;
    }

    /// <summary>The names that may stand directly in a section of a table.</summary>
    public static IReadOnlyList<string> Names(IEnumerable<Option> options, string section) =>
        [.. options.Where(option => option.Path.StartsWith(section, StringComparison.Ordinal))
            .Select(option => option.Path[section.Length..].Split('.')[0])
            .Distinct()];

    /// <summary>
    /// What an unknown name probably should have been: a neighbour, or a name that stands elsewhere.
    /// </summary>
    public static string WayOut(string name, IReadOnlyList<Option> options, string section, string root)
    {
        var here = Names(options, section);
        if (Suggest.Nearest(name, here) is { } near)
        {
            return $"did you mean {near}?";
        }

        var elsewhere = options.FirstOrDefault(option =>
            option.Path.EndsWith("." + name, StringComparison.OrdinalIgnoreCase));
        return elsewhere is null ? Suggest.For(name, here) : $"it belongs at {Join(root, elsewhere.Path)}";
    }

    private static TTarget ReadSection<TTarget>(
        YamlNode node, IReadOnlyList<Option<TTarget>> options, string name, string root, TTarget target,
        ReadScope scope)
    {
        var path = Join(root, name);
        if (!scope.IsUsable(node, path) || node is ScalarNode { IsNull: true })
        {
            return target;
        }

        if (node is MapNode map)
        {
            return Read(map, options, name + ".", root, target, scope);
        }

        scope.Refuse(
            node, path, $"is {node.Noun}, not a mapping",
            $"known in it: {string.Join(", ", Names(options, name + "."))}");
        return target;
    }

    private static string Join(string root, string name) => root.Length == 0 ? name : $"{root}.{name}";

    private static string SectionOf(string path) => path[..(path.LastIndexOf('.') + 1)];
}
