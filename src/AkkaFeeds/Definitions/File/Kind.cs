namespace AkkaFeeds.Definitions.Files;

/// <summary>A kind of value: how it is read, shown and described.</summary>
internal abstract class Kind<T>
{
    /// <summary>What it is called in messages and in the documentation, with its article.</summary>
    public required string Name { get; init; }

    /// <summary>The unit; empty for none.</summary>
    public string Unit { get; init; } = "";

    /// <summary>The values that are possible.</summary>
    public string Range { get; init; } = "";

    /// <summary>A value that a message may suggest.</summary>
    public required string Example { get; init; }

    /// <summary>Whether a mapping without entries is as good as none.</summary>
    public bool IsEmptyAllowed { get; init; }

    /// <summary>Whether the keys below are the user's own.</summary>
    public virtual bool HasFreeKeys => false;

    /// <summary>The table that each entry below obeys; null where an entry is one value.</summary>
    public virtual IReadOnlyList<Option>? Entries => null;

    /// <summary>Reads a value; false, with the errors reported, where it is wrong.</summary>
    public abstract bool TryRead(YamlNode node, string path, ReadScope scope, out T value);

    /// <summary>The value as the file would say it.</summary>
    public abstract string Show(T value);

    /// <summary>The scalar of a usable node; null, with the error reported, where it is not one or is empty.</summary>
    protected ScalarNode? Scalar(YamlNode node, string path, ReadScope scope)
    {
        if (!scope.IsUsable(node, path))
        {
            return null;
        }

        if (node is ScalarNode { IsNull: false } scalar)
        {
            return scalar;
        }

        if (node is ScalarNode)
        {
            scope.Refuse(node, path, "has no value", $"write {Example}, or remove the line");
        }
        else
        {
            scope.Refuse(node, path, $"is {node.Noun}, not {Name}", $"write {Example}");
        }

        return null;
    }
}

/// <summary>What came of reading a text.</summary>
internal readonly record struct Parsed<T>(T? Value, string Problem, string Suggestion)
{
    public static Parsed<T> Good(T value) => new(value, "", "");

    public static Parsed<T> Bad(string problem, string suggestion) => new(default, problem, suggestion);
}

/// <summary>A kind whose value is one text.</summary>
internal sealed class TextKind<T>(Func<string, ReadScope, Parsed<T>> parse, Func<T, string> show) : Kind<T>
{
    /// <inheritdoc/>
    public override bool TryRead(YamlNode node, string path, ReadScope scope, out T value)
    {
        value = default!;
        if (Scalar(node, path, scope) is not { } scalar)
        {
            return false;
        }

        var parsed = parse(scalar.Text, scope);
        if (parsed.Problem.Length > 0)
        {
            scope.Refuse(node, path, parsed.Problem, parsed.Suggestion);
            return false;
        }

        value = parsed.Value!;
        return true;
    }

    /// <inheritdoc/>
    public override string Show(T value) => show(value);
}

/// <summary>A list of texts: a YAML list, or one text with commas (the form of an override).</summary>
internal sealed class ListKind<T>(Kind<T> item, bool isUnique = true) : Kind<IReadOnlyList<T>>
{
    /// <inheritdoc/>
    public override bool TryRead(YamlNode node, string path, ReadScope scope, out IReadOnlyList<T> value)
    {
        value = [];
        if (Items(node, path, scope) is not { } nodes)
        {
            return false;
        }

        var read = new List<T>();
        var isGood = true;
        foreach (var each in nodes)
        {
            if (!item.TryRead(each, path, scope, out var one))
            {
                isGood = false;
            }
            else if (isUnique && read.Contains(one))
            {
                scope.Refuse(each, path, "appears twice in the list", "keep one of them");
                isGood = false;
            }
            else
            {
                read.Add(one);
            }
        }

        value = read;
        return isGood;
    }

    /// <inheritdoc/>
    public override string Show(IReadOnlyList<T> value) => string.Join(", ", value.Select(item.Show));

    private IEnumerable<YamlNode>? Items(YamlNode node, string path, ReadScope scope)
    {
        if (node is ListNode list && scope.IsUsable(node, path))
        {
            if (list.Items.Count > 0)
            {
                return list.Items;
            }

            scope.Refuse(node, path, "is an empty list", $"write {Example}, or remove the line");
            return null;
        }

        return node is ListNode || Scalar(node, path, scope) is not { } scalar ? null
            : scalar.Text.Split(',').Select(part => Part(scalar, part));
    }

    private static ScalarNode Part(ScalarNode whole, string part) =>
        new(whole.Place, part.Trim(), isPlain: true) { Raw = part.Trim() };
}
