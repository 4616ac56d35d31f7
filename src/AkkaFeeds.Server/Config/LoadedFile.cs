using System.Collections;
using AkkaFeeds.Definitions;
using AkkaFeeds.Definitions.Compilation;
using AkkaFeeds.Definitions.Files;

namespace AkkaFeeds.Server.Config;

/// <summary>A file read, checked and compiled; or everything that is wrong with it.</summary>
/// <param name="Options">The options; null where there is an error.</param>
/// <param name="Feeds">The feeds; empty where there is an error.</param>
/// <param name="Errors">What is wrong, in the file's order.</param>
internal sealed record LoadedFile(
    FeedsOptions? Options, IReadOnlyList<CompiledFeed> Feeds, IReadOnlyList<DefinitionError> Errors)
{
    /// <summary>Reads a file with the process's environment and <c>--set</c> settings over it.</summary>
    public static LoadedFile Load(string path, IReadOnlyList<KeyValuePair<string, string>> sets)
    {
        var (options, errors) = FeedsFile.LoadReadable(path, Variables(), Pairs(sets));
        return Compiled(path, options, errors);
    }

    /// <summary>The same for a text that is in no file; relative paths start at the current folder.</summary>
    public static LoadedFile OfText(string text, string name, IReadOnlyList<KeyValuePair<string, string>> sets)
    {
        var (options, errors) = FeedsFile.Parse(
            text, name, Directory.GetCurrentDirectory(), Variables(), Pairs(sets));
        return Compiled(name, options, errors);
    }

    private static LoadedFile Compiled(string path, FeedsOptions? options, IReadOnlyList<DefinitionError> errors)
    {
        if (options is null)
        {
            return new LoadedFile(null, [], errors);
        }

        var limits = new CompileLimits(options.Top.Items, (int)options.Key.Bytes, options.Ids.Keep);
        var found = new List<DefinitionError>(errors);
        var feeds = options.Feeds.Where(feed => feed.Topics is { Count: > 0 } && feed.View is { Count: > 0 })
            .Select(feed => CompiledFeed.Compile(feed, path, limits, found)).OfType<CompiledFeed>();
        IReadOnlyList<CompiledFeed> compiled = [.. feeds];
        return found.Count == 0 ? new LoadedFile(options, compiled, found) : new LoadedFile(null, [], InOrder(found));
    }

    // What was set from outside has no line, and comes last.
    private static List<DefinitionError> InOrder(List<DefinitionError> errors) =>
        [.. errors.Distinct().OrderBy(error => error.Line == 0).ThenBy(error => error.Line)
            .ThenBy(error => error.Column)];

    private static (string Name, string Value)[] Pairs(IReadOnlyList<KeyValuePair<string, string>> sets) =>
        [.. sets.Select(set => (set.Key, set.Value))];

    private static Dictionary<string, string> Variables()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return variables;
    }
}
