using System.Globalization;

namespace AkkaFeeds.Contracts;

/// <summary>The position of one record in Kafka; as text <c>topic/partition:offset</c>.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="Partition">The partition, from 0.</param>
/// <param name="Offset">The offset, from 0.</param>
public sealed record RecordPosition(string Topic, int Partition, long Offset)
{
    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Topic}/{Partition}:{Offset}");
}
