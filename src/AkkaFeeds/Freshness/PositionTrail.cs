namespace AkkaFeeds.Freshness;

/// <summary>
/// Where the lane of a partition stood when: what a slot has read is held against it, since a lane that is at the
/// log's end says nothing of rows that its slots could not take yet. Older instants are kept less exactly. Pure; not
/// for several threads.
/// </summary>
internal sealed class PositionTrail
{
    private const int PointsMax = 64;

    private readonly List<(long At, long Position)> points = [];

    /// <summary>Notes that the lane stands at a position; a lower one than before means that it reads again.</summary>
    public void Note(long position, long at)
    {
        if (points.Count > 0 && position <= points[^1].Position)
        {
            if (position == points[^1].Position)
            {
                return;
            }

            points.Clear();
        }

        points.Add((at, position));
        if (points.Count > PointsMax)
        {
            for (var index = (PointsMax / 2) - 1; index > 0; index -= 2)
            {
                points.RemoveAt(index);
            }
        }
    }

    /// <summary>Since when the lane has been beyond an offset, Unix ms; null where it is not.</summary>
    public long? BeyondSince(long offset)
    {
        long? since = null;
        for (var index = points.Count - 1; index >= 0 && points[index].Position > offset; index--)
        {
            since = points[index].At;
        }

        return since;
    }
}
