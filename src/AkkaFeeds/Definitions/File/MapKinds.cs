namespace AkkaFeeds.Definitions.Files;

/// <summary>A mapping with the user's own keys, each with one value: <c>view</c>, <c>kafka.properties</c>.</summary>
/// <remarks><c>checkKey</c> answers what is wrong with a key; a problem that is empty lets it pass.</remarks>
internal sealed class MapKind<T>(Kind<T> item, Func<string, (string Problem, string Suggestion)> checkKey)
    : Kind<IReadOnlyList<KeyValuePair<string, T>>>
{
    /// <inheritdoc/>
    public override bool HasFreeKeys => true;

    /// <inheritdoc/>
    public override bool TryRead(
        YamlNode node, string path, ReadScope scope, out IReadOnlyList<KeyValuePair<string, T>> value)
    {
        var read = new List<KeyValuePair<string, T>>();
        value = read;
        if (!EntriesOf.TryGet(node, path, Example, IsEmptyAllowed, scope, out var map))
        {
            return false;
        }

        var isGood = true;
        foreach (var (key, each) in map.Entries)
        {
            var field = $"{path}.{key.Text}";
            var (problem, suggestion) = checkKey(key.Text);
            if (problem.Length > 0)
            {
                scope.Refuse(key, field, problem, suggestion);
                isGood = false;
            }
            else if (item.TryRead(each, field, scope, out var one))
            {
                read.Add(KeyValuePair.Create(key.Text, one));
            }
            else
            {
                isGood = false;
            }
        }

        return isGood;
    }

    /// <inheritdoc/>
    public override string Show(IReadOnlyList<KeyValuePair<string, T>> value) =>
        string.Join(", ", value.Select(pair => $"{pair.Key}: {item.Show(pair.Value)}"));
}

/// <summary>
/// A mapping with the user's own names, each of which is a mapping by a table: <c>feeds</c>, <c>notify</c>.
/// </summary>
internal sealed class TableKind<T>(
    IReadOnlyList<Option<T>> entries,
    Func<string, (string Problem, string Suggestion)> checkName,
    Func<string, T> seed,
    Action<T, string, ReadScope> check) : Kind<IReadOnlyList<T>>
{
    /// <inheritdoc/>
    public override bool HasFreeKeys => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Entries => entries;

    /// <summary>What a message suggests for one entry.</summary>
    public required string EntryExample { get; init; }

    /// <inheritdoc/>
    public override bool TryRead(YamlNode node, string path, ReadScope scope, out IReadOnlyList<T> value)
    {
        var read = new List<T>();
        value = read;
        if (!EntriesOf.TryGet(node, path, Example, IsEmptyAllowed, scope, out var map))
        {
            return false;
        }

        foreach (var (key, each) in map.Entries)
        {
            var field = $"{path}.{key.Text}";
            var (problem, suggestion) = checkName(key.Text);
            if (problem.Length > 0)
            {
                scope.Refuse(key, field, problem, suggestion);
            }

            scope.Note(field, each);
            if (EntriesOf.TryGet(each, field, EntryExample, isEmptyAllowed: false, scope, out var entry))
            {
                var one = SectionReader.Read(entry, entries, "", field, seed(key.Text), scope);
                check(one, field, scope);
                read.Add(one);
            }
        }

        // An entry with an error stays, so that what else is wrong with it (its expressions) is told in the same run.
        return true;
    }

    /// <inheritdoc/>
    public override string Show(IReadOnlyList<T> value) => "";
}

/// <summary>The mapping behind a node.</summary>
internal static class EntriesOf
{
    public static bool TryGet(
        YamlNode node, string path, string example, bool isEmptyAllowed, ReadScope scope, out MapNode map)
    {
        map = null!;
        if (!scope.IsUsable(node, path))
        {
            return false;
        }

        var isEmpty = node is ScalarNode { IsNull: true } or MapNode { Entries.Count: 0 };
        if (isEmpty ? isEmptyAllowed : node is MapNode)
        {
            map = node as MapNode ?? new MapNode(node.Place, []) { Raw = node.Raw };
            return true;
        }

        var problem = isEmpty ? "has no entries" : $"is {node.Noun}, not a mapping";
        scope.Refuse(node, path, problem, $"write {example}");
        return false;
    }
}
