namespace AkkaFeeds.Contracts;

/// <summary>How far an incarnation of a slot has read: R by partition, each exclusive.</summary>
public sealed class ReadPositions
{
    private readonly Dictionary<string, long> positions = new(StringComparer.Ordinal);

    /// <summary>Takes R by partition; of a partition that is named twice the last.</summary>
    public ReadPositions(IEnumerable<KeyValuePair<string, long>> positions)
    {
        foreach (var (partition, read) in positions)
        {
            this.positions[partition] = read;
        }
    }

    /// <summary>R by partition, in no order.</summary>
    public IReadOnlyDictionary<string, long> Positions => positions;

    /// <summary>
    /// Whether all of <paramref name="held"/> has been read again, so that a client that holds it may be shown more.
    /// </summary>
    public bool HasPassed(IReadOnlyList<KeyValuePair<string, long>> held)
    {
        for (var index = 0; index < held.Count; index++)
        {
            if (positions.GetValueOrDefault(held[index].Key, -1) <= held[index].Value)
            {
                return false;
            }
        }

        return true;
    }
}
