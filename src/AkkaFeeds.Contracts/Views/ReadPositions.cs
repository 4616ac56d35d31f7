namespace AkkaFeeds.Contracts;

/// <summary>
/// How far one incarnation of a slot has read: R by partition, each exclusive. It goes on while it is held; one
/// writes, many read.
/// </summary>
public sealed class ReadPositions
{
    private volatile Dictionary<string, long> positions = [];

    /// <summary>Takes R by partition; of a partition that is named twice the last.</summary>
    public ReadPositions(IEnumerable<KeyValuePair<string, long>> positions) => Replace(positions);

    /// <summary>R by partition, in no order.</summary>
    public IReadOnlyDictionary<string, long> Positions => positions;

    /// <summary>The incarnation has read on.</summary>
    public void Replace(IEnumerable<KeyValuePair<string, long>> read)
    {
        var replaced = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (partition, offset) in read)
        {
            replaced[partition] = offset;
        }

        positions = replaced;
    }

    /// <summary>
    /// Whether all of <paramref name="held"/> has been read again, so that a client that holds it may be shown more.
    /// </summary>
    public bool HasPassed(IReadOnlyList<KeyValuePair<string, long>> held)
    {
        var known = positions;
        for (var index = 0; index < held.Count; index++)
        {
            if (known.GetValueOrDefault(held[index].Key, -1) <= held[index].Value)
            {
                return false;
            }
        }

        return true;
    }
}
