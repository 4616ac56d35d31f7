namespace AkkaFeeds.LogOracle.Checks;

/// <summary>One key of one client over all its connections and edges: whether the next frame goes back.</summary>
public sealed class HeldKeyTrack
{
    private readonly HashSet<string> left = [];
    private readonly Dictionary<int, long> positions = [];
    private string epoch = "";
    private long version;

    /// <summary>Takes a line; says what went back, or null.</summary>
    public string? Take(FrameLine line)
    {
        if (line.Op is not ("snapshot" or "delta" or "resumed"))
        {
            return null;
        }

        var wrong = Order(line);
        if (line.Epoch != epoch)
        {
            left.Add(epoch);
            epoch = line.Epoch;
        }

        version = line.Version;
        foreach (var (partition, offset) in line.Positions)
        {
            positions[partition] = offset;
        }

        return wrong;
    }

    private string? Order(FrameLine line)
    {
        if (left.Contains(line.Epoch))
        {
            return $"epoch {line.Epoch} again, behind {epoch}";
        }

        if (line.Epoch == epoch && line.Version < version)
        {
            return $"version {line.Version} of {epoch} behind {version}";
        }

        if (line.Op == "delta" && (line.Epoch != epoch || line.Base > version || line.Version <= version))
        {
            return $"a delta ({line.Base}, {line.Version}] of {line.Epoch}, but {version} of {epoch} is held";
        }

        foreach (var (partition, offset) in positions)
        {
            var now = line.Positions.Where(each => each.Partition == partition).Select(each => each.Offset)
                .DefaultIfEmpty(-1).Max();
            if (now < offset)
            {
                return $"position {partition}:{now} behind {partition}:{offset}";
            }
        }

        return null;
    }
}
