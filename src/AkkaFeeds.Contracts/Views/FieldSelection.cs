namespace AkkaFeeds.Contracts;

/// <summary>The fields of a view that a subscriber wants; equal selections share what is encoded for them.</summary>
public sealed class FieldSelection : IEquatable<FieldSelection>
{
    private readonly HashSet<string> names;

    /// <summary>Makes a selection of fields that the edge has checked.</summary>
    public FieldSelection(IEnumerable<string> names)
    {
        this.names = new HashSet<string>(names, StringComparer.Ordinal);
        Text = string.Join(',', this.names.Order(StringComparer.Ordinal));
    }

    /// <summary>The names, sorted, with commas between them.</summary>
    public string Text { get; }

    /// <summary>The names, in no order.</summary>
    public IReadOnlyCollection<string> Names => names;

    /// <summary>Whether a field is wanted.</summary>
    public bool Contains(string name) => names.Contains(name);

    /// <inheritdoc/>
    public bool Equals(FieldSelection? other) => other is not null && other.Text == Text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FieldSelection);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}
