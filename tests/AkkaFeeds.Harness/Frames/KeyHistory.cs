namespace AkkaFeeds.Harness;

/// <summary>How far a client has seen a key, over all its connections: nothing may ever go back behind it.</summary>
internal sealed class KeyHistory(string name, FrameContext context)
{
    private readonly Dictionary<string, long> newest = [];
    private readonly HashSet<string> left = [];
    private string? current;

    /// <summary>The position that the client holds, by partition.</summary>
    public Dictionary<string, long> Positions { get; private set; } = [];

    /// <summary>The part of an epoch that names the feed's topic ids.</summary>
    public static string TopicsOf(string epoch) => epoch.Split('.')[0];

    /// <summary>The client gave back no position, so nothing holds the server to one.</summary>
    public void ForgetPositions() => Positions = [];

    /// <summary>The client gave back this position.</summary>
    public void Hold(Dictionary<string, long> positions) => Positions = new(positions);

    /// <summary>An epoch and a version came.</summary>
    public void Meet(string epoch, long version)
    {
        if (current is not null && current != epoch)
        {
            left.Add(current);
        }

        if (left.Contains(epoch))
        {
            context.Report("epoch-back", $"{name}: epoch {epoch} again, behind {current}");
        }

        current = epoch;
        if (newest.TryGetValue(epoch, out var seen) && version < seen)
        {
            context.Report("version-back", $"{name}: version {version} of {epoch}, behind {seen}");
        }

        newest[epoch] = Math.Max(version, newest.GetValueOrDefault(epoch));
    }

    /// <summary>A snapshot replaces the position whole.</summary>
    public void Replace(Dictionary<string, long> positions)
    {
        foreach (var (partition, offset) in Positions)
        {
            if (!positions.TryGetValue(partition, out var now) || now < offset)
            {
                context.Report("pos-back", $"{name}: {partition}: {(now, offset)}: behind what was held");
            }
        }

        Positions = positions;
    }

    /// <summary>A delta updates the partitions that moved.</summary>
    public void Update(Dictionary<string, long> positions)
    {
        foreach (var (partition, offset) in positions)
        {
            if (Positions.TryGetValue(partition, out var before) && offset < before)
            {
                context.Report("pos-back", $"{name}: {partition}: {offset} behind {before}");
            }

            Positions[partition] = offset;
        }
    }
}
