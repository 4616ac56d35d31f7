namespace AkkaFeeds.Definitions.Files;

/// <summary>
/// Writes <c>AKKAFEEDS__SECTION__NAME</c> and <c>--set section.name=value</c> into the tree of the file, so that they
/// are read
/// and checked by the same table as the file itself. The command line comes last and wins.
/// </summary>
internal sealed class Overrides(MapNode root, ReadScope scope)
{
    /// <summary>What a variable starts with to be ours. Names with a single underscore are not touched.</summary>
    public const string Prefix = "AKKAFEEDS__";

    /// <summary>Applies the variables, by name.</summary>
    public void Environment(IReadOnlyDictionary<string, string> environment)
    {
        var mine = environment.Where(pair => pair.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase));
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in mine.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var request = new Request(name, value, Place.Environment, IsFolded: true);
            var plain = name.Replace('-', '_');
            if (!seen.TryAdd(plain, name))
            {
                Refuse(request, $"says the same as {seen[plain]}", "keep one of them");
                continue;
            }

            Apply(request, name[Prefix.Length..].Split("__"));
        }
    }

    /// <summary>Applies the settings of the command line, in order.</summary>
    public void Sets(IReadOnlyList<(string Name, string Value)> sets)
    {
        foreach (var (name, value) in sets)
        {
            Apply(new Request(name, value, Place.Set, IsFolded: false), name.Trim().Split('.'));
        }
    }

    private void Apply(Request request, string[] words) => Walk(request, words, RootTable.Options, root, "", 0);

    private void Walk(
        Request request, string[] words, IReadOnlyList<Option> options, MapNode map, string section, int index)
    {
        if (index >= words.Length)
        {
            Refuse(request, "is a section",
                $"name one of its values: {string.Join(", ", SectionReader.Names(options, section))}");
            return;
        }

        var names = SectionReader.Names(options, section);
        if (names.FirstOrDefault(name => Same(request, name, words[index])) is not { } found)
        {
            Refuse(request, "is unknown", Spell(request, SectionReader.WayOut(words[index], options, section, "")));
            return;
        }

        var option = options.FirstOrDefault(each => each.Path == section + found);
        if (option is null)
        {
            if (Child(request, map, found) is { } child)
            {
                Walk(request, words, options, child, section + found + ".", index + 1);
            }

            return;
        }

        if (option.HasFreeKeys)
        {
            FreeKey(request, words, option, map, found, index + 1);
        }
        else if (index + 1 < words.Length)
        {
            Refuse(request, "is unknown", $"{found} is one value; nothing stands below it");
        }
        else
        {
            Put(request, map, found);
        }
    }

    private void FreeKey(Request request, string[] words, Option option, MapNode map, string name, int index)
    {
        if (index >= words.Length)
        {
            Refuse(request, "is a mapping", $"name one of its values, such as {option.Example}");
            return;
        }

        var parent = map.Find(name) as MapNode;
        if (option.Entries is { } table)
        {
            var entries = parent?.Entries.Where(entry => entry.Value is MapNode).ToList() ?? [];
            if (entries.Find(entry => Same(request, entry.Key.Text, words[index])) is { Value: MapNode child })
            {
                Walk(request, words, table, child, "", index + 1);
            }
            else
            {
                Refuse(
                    request, $"the file has no {words[index]} in {name}",
                    Suggest.For(words[index], [.. entries.Select(entry => entry.Key.Text)]));
            }

            return;
        }

        var rest = string.Join('.', words[index..]);
        var key = parent?.Entries.Find(entry => Same(request, entry.Key.Text, rest))?.Key.Text
            ?? NewKey(request, option, rest);
        if (Child(request, map, name) is { } target)
        {
            Put(request, target, key);
        }
    }

    // Settings of librdkafka are the one kind of name with dots, which shells do not allow in a variable.
    private static string NewKey(Request request, Option option, string rest) =>
        request.IsFolded && option.Path == "kafka.properties" ? rest.ToLowerInvariant().Replace('_', '.') : rest;

    // A section that is wrong in the file is reported there; an override into it would hide that.
    private static MapNode? Child(Request request, MapNode map, string name)
    {
        switch (map.Find(name))
        {
            case MapNode found:
                return found;
            case null or ScalarNode { IsNull: true, Misread: Misread.None }:
                var made = new MapNode(request.Place, []) { Raw = request.Value };
                map.Put(Word(request, name), made);
                return made;
            default:
                return null;
        }
    }

    private static void Put(Request request, MapNode map, string name) =>
        map.Put(Word(request, name),
            new ScalarNode(request.Place, request.Value, isPlain: true) { Raw = request.Value });

    private static ScalarNode Word(Request request, string name) =>
        new(request.Place, name, isPlain: false) { Raw = name };

    private void Refuse(Request request, string problem, string suggestion) =>
        scope.Errors.Add(request.Place, request.Name, request.Value, problem, suggestion);

    private static bool Same(Request request, string name, string word) => request.IsFolded
        ? Fold(name).Equals(Fold(word), StringComparison.OrdinalIgnoreCase)
        : name.Equals(word, StringComparison.Ordinal);

    private static string Fold(string name) => name.Replace('-', '_').Replace('.', '_');

    // A suggestion for a variable is a name that can be pasted.
    private static string Spell(Request request, string way) =>
        request.IsFolded && way.StartsWith("it belongs at ", StringComparison.Ordinal)
            ? $"write {VariableOf(way["it belongs at ".Length..])}"
            : way;

    /// <summary>The variable of a path.</summary>
    public static string VariableOf(string path) =>
        Prefix + path.Replace("-", "_", StringComparison.Ordinal).Replace(".", "__", StringComparison.Ordinal)
            .ToUpperInvariant();

    private sealed record Request(string Name, string Value, string Origin, bool IsFolded)
    {
        public Place Place => new(Origin, 0, 0);
    }
}
