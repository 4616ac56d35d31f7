namespace AkkaFeeds.Slots.Keys;

/// <summary>
/// Which paths of a view a fold changed. One that is kept over several folds collects the paths of all of them.
/// </summary>
internal struct FoldChange
{
    /// <summary>The fields that show something else now.</summary>
    public FieldSet Fields;

    /// <summary>
    /// The members of object fields that changed; given by a caller who watches the key, null where nobody does. A
    /// changed
    /// object field without a member here changed as a whole.
    /// </summary>
    public List<ChangedMember>? Members;

    /// <summary>Whether every change of every field is wanted, not just whether there was one.</summary>
    public bool IsWatched;
}

/// <summary>A member of an object field that changed.</summary>
/// <param name="Field">The field's index.</param>
/// <param name="Member">The member's name.</param>
internal readonly record struct ChangedMember(int Field, string Member);
