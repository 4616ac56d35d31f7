using AkkaFeeds.Contracts;

namespace AkkaFeeds.Entities;

/// <summary>
/// The view of one watched key, kept whole so that whoever joins is answered without troubling the slot, and the
/// version that the last change made. Pure.
/// </summary>
/// <param name="slot">The slot.</param>
/// <param name="incarnation">Of the slot; the entity lives and dies with it.</param>
/// <param name="epoch">The same as clients see it.</param>
/// <param name="key">The key.</param>
internal sealed class EntityView(SlotId slot, long incarnation, string epoch, KeyName key)
{
    private EntityMessages.Changed? newest;
    private ViewNode view = ViewNode.Empty;
    private ReadOnlyMemory<byte> text;
    private long before;

    /// <summary>Takes a change.</summary>
    public void Apply(EntityMessages.Changed change)
    {
        before = newest?.Version ?? change.Version;
        newest = change;
        if (change.Whole || !change.Fields.IsEmpty)
        {
            var fields = ViewNode.Parse(change.Fields, view);
            view = change.Whole ? fields : view.With(fields, change.Removed);
#if !DEFECT_BEGIN_IS_OLD
            text = default;
#endif
        }
    }

    /// <summary>What a node is told of the newest change.</summary>
    /// <param name="number">The number that it has for this node.</param>
    public WatchMessages.KeyChanged Changed(long number) => new(
        slot, incarnation, number, key, before, newest!.Version, newest.Whole, newest.Fields, newest.Removed,
        newest.At, newest.Positions, newest.QuarantinedSince)
    {
        View = view,
    };

    /// <summary>What a node is told that joins.</summary>
    public WatchMessages.KeyBegins Begins()
    {
        text = text.IsEmpty ? view.ToJson() : text;
        return new WatchMessages.KeyBegins(
            slot, incarnation, epoch, key, newest!.Version, text, newest.At, newest.Positions,
            newest.QuarantinedSince);
    }
}
