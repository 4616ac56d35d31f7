namespace AkkaFeeds.Contracts;

/// <summary>The fields of a view that a subscriber wants; equal selections share what is encoded for them.</summary>
public sealed class FieldSelection : IEquatable<FieldSelection>
{
    private readonly HashSet<string> names;
    private readonly int hash;

    /// <summary>Makes a selection of fields that the edge has checked.</summary>
    public FieldSelection(IEnumerable<string> names)
    {
        this.names = new HashSet<string>(names, StringComparer.Ordinal);
        foreach (var name in this.names)
        {
            hash ^= name.GetHashCode(StringComparison.Ordinal);
        }
    }

    /// <summary>The names, in no order.</summary>
    public IReadOnlyCollection<string> Names => names;

    /// <summary>Whether a field is wanted.</summary>
    public bool Contains(string name) => names.Contains(name);

    /// <inheritdoc/>
    public bool Equals(FieldSelection? other) =>
        other is not null && other.hash == hash && names.SetEquals(other.names);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FieldSelection);

    /// <inheritdoc/>
    public override int GetHashCode() => hash;
}
