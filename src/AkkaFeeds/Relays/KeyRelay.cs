using AkkaFeeds.Contracts;

namespace AkkaFeeds.Relays;

/// <summary>
/// What a node knows of one watched key: the newest version with its ring of changes, and the state. Pure; it makes
/// the <see cref="KeyView"/> that all subscribers of the node share.
/// </summary>
internal sealed class KeyRelay
{
    private readonly FrameName name;
    private ChangeRing ring = new();
    private ViewVersion? newest;
    private SlotCondition condition;
    private long quarantinedSince;

    /// <summary>Begins with nothing but the slot's condition.</summary>
    public KeyRelay(string feed, KeyName key, SlotCondition condition)
    {
        name = new FrameName(feed, key);
        this.condition = condition;
        Latest = new(new KeyView(name, null, condition.Freshness, null));
    }

    /// <summary>What is shown now, and where screens find it.</summary>
    public Latest<KeyView> Latest { get; }

    /// <summary>The key begins anew.</summary>
    public void On(WatchMessages.KeyBegins begins)
    {
        quarantinedSince = begins.QuarantinedSince;
        var view = begins.Version == 0 ? null : ViewNode.Parse(begins.Data, newest?.View);
        if (newest is not null && newest.Epoch == begins.Epoch && newest.View is not null && view is not null)
        {
            if (begins.Version > newest.Version)
            {
                Continue(begins.Version, view, begins.At, begins.Positions);
            }
        }
        else
        {
            ring = new ChangeRing();
            newest = new ViewVersion(
                name, begins.Epoch, begins.Version, view, begins.At, begins.Positions, ring);
        }

        Show();
    }

    /// <summary>The key has changed; false where this does not continue what is known.</summary>
    public bool On(WatchMessages.KeyChanged changed)
    {
        if (newest is { View: null } && changed.Whole)
        {
            // A record has made the key.
            quarantinedSince = changed.QuarantinedSince;
            newest = new ViewVersion(
                name, newest.Epoch, changed.Version, ViewOf(changed, ViewNode.Empty), changed.At, changed.Positions,
                ring);
            Show();
            return true;
        }

#if DEFECT_BASE_IGNORED
        if (newest is not { View: { } view })
#else
        if (newest is not { View: { } view } || changed.Base > newest.Version)
#endif
        {
            return false;
        }

        quarantinedSince = changed.QuarantinedSince;
        if (changed.Version > newest.Version)
        {
            if (changed.Base < newest.Version)
            {
                return false;
            }

            Continue(changed.Version, ViewOf(changed, view), changed.At, changed.Positions);
        }

        Show();
        return true;
    }

    /// <summary>The slot's condition is another one now.</summary>
    public void On(SlotCondition changed)
    {
        condition = changed;
        Show();
    }

    private static ViewNode ViewOf(WatchMessages.KeyChanged changed, ViewNode before)
    {
        if (changed.View is { } made)
        {
            return made;
        }

        var fields = ViewNode.Parse(changed.Fields, before);
        return changed.Whole ? fields : before.With(fields, changed.Removed);
    }

    private void Continue(
        long version, ViewNode view, long at, IReadOnlyList<KeyValuePair<string, long>> positions)
    {
        var paths = new PathSet();
        ViewNode.Compare(newest!.View, view, paths);
        ring.Add(newest.Version, version, paths);
        newest = new ViewVersion(name, newest.Epoch, version, view, at, positions, ring);
    }

    private void Show() => Latest.View = new KeyView(name, newest, Freshness(), ReadOfNewest());

    private FreshnessStatus Freshness()
    {
        var state = condition.Freshness;
        if (state.State == FreshnessState.Rebuilding)
        {
            return state;
        }

        return newest switch
        {
            { View: null } => FreshnessStatus.Blank,
            not null when quarantinedSince != 0 && state.State is FreshnessState.Live or FreshnessState.Partial =>
                new FreshnessStatus(FreshnessState.Partial, "quarantined", quarantinedSince),
            _ => state,
        };
    }

    // What a former incarnation had read says nothing of what this one has folded.
    private ReadPositions? ReadOfNewest() =>
        newest is not null && newest.Epoch == condition.Epoch ? condition.Read : null;
}
