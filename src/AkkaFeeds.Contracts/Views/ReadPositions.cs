using System.Collections.Frozen;

namespace AkkaFeeds.Contracts;

/// <summary>How far an incarnation of a slot has read: R by partition, each exclusive.</summary>
public sealed class ReadPositions(IEnumerable<KeyValuePair<string, long>> positions)
{
    private readonly FrozenDictionary<string, long> positions =
        positions.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>R by partition, in no order.</summary>
    public IEnumerable<KeyValuePair<string, long>> Positions => positions;

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
