namespace AkkaFeeds.Contracts;

/// <summary>
/// The newest changes of one key's view: which paths each of them touched. It answers what changed since a version
/// that somebody holds, as long as it reaches back that far. Safe for several threads: one adds, many ask.
/// </summary>
public sealed class ChangeRing
{
    /// <summary>How many changes are kept; who holds something older gets the whole view.</summary>
    public const int ChangesMax = 64;

    private readonly Lock gate = new();
    private readonly Queue<(long Base, long Version, PathSet Paths)> changes = new();
    private long newest;

    /// <summary>Notes a change; one that does not continue the newest forgets all before it.</summary>
    /// <param name="baseVersion">The version that it changes.</param>
    /// <param name="version">The version that it makes.</param>
    /// <param name="paths">What it touched; never written again.</param>
    public void Add(long baseVersion, long version, PathSet paths)
    {
        lock (gate)
        {
            if (changes.Count > 0 && newest != baseVersion)
            {
                changes.Clear();
            }

            if (changes.Count == ChangesMax)
            {
                changes.Dequeue();
            }

            changes.Enqueue((baseVersion, version, paths));
            newest = version;
        }
    }

    /// <summary>
    /// The paths that changed at least once behind <paramref name="held"/> and up to <paramref name="version"/>; null
    /// where the ring does not reach back so far, or nobody was ever shown that version here.
    /// </summary>
    public PathSet? Between(long held, long version)
    {
        lock (gate)
        {
            PathSet? found = null;
            var isShared = false;
            var begins = long.MaxValue;
            foreach (var change in changes)
            {
                if (change.Version <= held || change.Version > version)
                {
                    continue;
                }

                begins = Math.Min(begins, change.Base);
                if (found is null)
                {
                    (found, isShared) = (change.Paths, true);
                    continue;
                }

                if (isShared)
                {
                    var own = new PathSet();
                    own.Add(found);
                    (found, isShared) = (own, false);
                }

                found.Add(change.Paths);
            }

            // A change is what its two ends differ in: what went and came back in between it does not name, so it says
            // nothing to who holds a version from its middle.
#if DEFECT_DELTA_FROM_THE_MIDDLE
            return begins <= held ? found : null;
#else
            return begins == held ? found : null;
#endif
        }
    }
}
