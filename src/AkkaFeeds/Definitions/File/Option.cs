namespace AkkaFeeds.Definitions.Files;

/// <summary>One row of the table that drives reading, overriding, suggestions and documentation.</summary>
internal abstract class Option
{
    /// <summary>The path below the table's root, such as <c>checkpoint.every</c>.</summary>
    public required string Path { get; init; }

    /// <summary>What it means, in a sentence.</summary>
    public required string Doc { get; init; }

    /// <summary>What happens at the limit, or when it is left out.</summary>
    public required string Effect { get; init; }

    /// <summary>Whether its section must have it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The default in words where it depends on other options; null where it is one value.</summary>
    public string? DefaultNote { get; init; }

    public abstract string TypeName { get; }

    public abstract string Unit { get; }

    public abstract string Range { get; }

    public abstract string Example { get; }

    public abstract bool HasFreeKeys { get; }

    public abstract IReadOnlyList<Option>? Entries { get; }

    /// <summary>The default as the file would say it; empty where there is none.</summary>
    public abstract string Default { get; }
}

/// <summary>A row that reads into a target.</summary>
internal abstract class Option<TTarget> : Option
{
    /// <summary>
    /// The target with the value of the node; as it was, with the errors reported, where the value is wrong.
    /// </summary>
    public abstract TTarget Read(TTarget target, YamlNode node, string path, ReadScope scope);
}

/// <summary>A row with the type of its value.</summary>
internal sealed class Option<TTarget, T>(
    Kind<T> kind, string initial, Func<TTarget, T, TTarget> set) : Option<TTarget>
{
    public override string TypeName => kind.Name;

    public override string Unit => kind.Unit;

    public override string Range => kind.Range;

    public override string Example => kind.Example;

    public override bool HasFreeKeys => kind.HasFreeKeys;

    public override IReadOnlyList<Option>? Entries => kind.Entries;

    public override string Default => initial;

    public override TTarget Read(TTarget target, YamlNode node, string path, ReadScope scope) =>
        kind.TryRead(node, path, scope, out var value) ? set(target, value) : target;
}
