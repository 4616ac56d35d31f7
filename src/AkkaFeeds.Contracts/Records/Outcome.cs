namespace AkkaFeeds.Contracts;

/// <summary>Where a record went: exactly one of these.</summary>
public enum Outcome : byte
{
    /// <summary>Folded into its key.</summary>
    Applied,

    /// <summary>At or below what its slot had already folded of its partition.</summary>
    Duplicate,

    /// <summary>Not wanted by <c>where</c>, or a null value without <c>id</c>.</summary>
    Filtered,

    /// <summary>Older than <c>late</c> allows; listed, folded into nothing.</summary>
    Late,

    /// <summary>Could not be decoded, named or folded; listed with its reason.</summary>
    Quarantined,
}
