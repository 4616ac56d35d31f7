namespace AkkaFeeds.Definitions.Files;

/// <summary>Reads the one file that says what AkkaFeeds does.</summary>
public static class FeedsFile
{
    /// <summary>
    /// Reads and checks a file with its overrides. Never throws for what a file, a variable or a setting holds.
    /// </summary>
    /// <param name="path">The file, as the user named it.</param>
    /// <param name="environment">The process' variables; only names that start with <c>AKKAFEEDS__</c> are looked
    /// at.</param>
    /// <param name="sets">The <c>--set</c> settings in their order: a dotted name and a value.</param>
    /// <returns>The options and no errors, or no options and all errors: the file's in its order, then the
    /// environment's,
    /// then the command line's. Expressions are text still: compiling them finds the errors in them.</returns>
    public static (FeedsOptions? Options, IReadOnlyList<DefinitionError> Errors) Load(
        string path, IReadOnlyDictionary<string, string> environment, IReadOnlyList<(string Name, string Value)> sets)
    {
        var (readable, errors) = LoadReadable(path, environment, sets);
        return errors.Count == 0 ? (readable, errors) : (null, errors);
    }

    /// <summary>
    /// As <see cref="Load"/>, but with what could be read beside the errors, so that whoever checks further (the
    /// compiler of expressions) can tell its errors together with these. Not to be served where there is an error.
    /// </summary>
    public static (FeedsOptions? Readable, IReadOnlyList<DefinitionError> Errors) LoadReadable(
        string path, IReadOnlyDictionary<string, string> environment, IReadOnlyList<(string Name, string Value)> sets)
    {
        var errors = new ErrorList();
        var text = FileText.Read(path, errors);
        return text is null
            ? (null, errors.Sorted())
            : Read(text, path, Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/", environment, sets, errors);
    }

    /// <summary>Reads and checks a text as if it were a file.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">What errors call it.</param>
    /// <param name="folder">Where relative paths start, absolute.</param>
    /// <param name="environment">As for <see cref="Load"/>.</param>
    /// <param name="sets">As for <see cref="Load"/>.</param>
    /// <returns>As <see cref="Load"/>.</returns>
    public static (FeedsOptions? Options, IReadOnlyList<DefinitionError> Errors) Parse(
        string text, string file, string folder, IReadOnlyDictionary<string, string> environment,
        IReadOnlyList<(string Name, string Value)> sets)
    {
        var (readable, errors) = Read(text, file, folder, environment, sets, new ErrorList());
        return errors.Count == 0 ? (readable, errors) : (null, errors);
    }

    /// <summary>
    /// Reads one feed by itself, as the <c>feed</c> of a test vector: what stands under a feed's name in a file.
    /// </summary>
    /// <param name="name">The feed's name.</param>
    /// <param name="map">What stands under it.</param>
    /// <param name="path">What errors call it.</param>
    /// <param name="file">What errors call the text that it is from.</param>
    /// <returns>The feed and no errors, or no feed and all errors.</returns>
    internal static (FeedDefinition? Feed, IReadOnlyList<DefinitionError> Errors) ReadFeed(
        string name, MapNode map, string path, string file)
    {
        var errors = new ErrorList();
        var scope = new ReadScope(errors, file, Path.GetFullPath("."));
        scope.Note(path, map);
        var feed = SectionReader.Read(map, FeedTable.Options, "", path, FeedTable.Empty(name), scope);
        FeedRules.Check(feed, path, scope);
        return errors.Count == 0 ? (feed, []) : (null, errors.Sorted());
    }

    private static (FeedsOptions? Options, IReadOnlyList<DefinitionError> Errors) Read(
        string text, string file, string folder, IReadOnlyDictionary<string, string> environment,
        IReadOnlyList<(string Name, string Value)> sets, ErrorList errors)
    {
        if (YamlReader.Read(file, text, errors) is not { } root)
        {
            return (null, errors.Sorted());
        }

        var scope = new ReadScope(errors, file, folder);
        var overrides = new Overrides(root, scope);
        overrides.Environment(environment);
        overrides.Sets(sets);
        var options = SectionReader.Read(root, RootTable.Options, "", "", new FeedsOptions(), scope);
        options = CrossRules.Check(options, root, scope);
        return (options, errors.Sorted());
    }
}
