namespace AkkaFeeds.Contracts;

/// <summary>
/// What a relay shows now, where all its screens find it. Each of thousands of screens keeps this one old object: did
/// it keep the view itself, every change would write a reference to something young into something old, and each
/// collection would have to visit all of them (docs/performance.md).
/// </summary>
/// <typeparam name="TView">What is shown; immutable to those who read it.</typeparam>
public sealed class Latest<TView>
    where TView : class
{
    private volatile TView shown;

    /// <summary>Begins with a view.</summary>
    /// <param name="first">What is shown first.</param>
    public Latest(TView first) => shown = first;

    /// <summary>What is shown now. The relay alone sets it; any thread reads it.</summary>
    public TView View
    {
        get => shown;
        set => shown = value;
    }
}
