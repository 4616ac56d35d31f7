using System.Globalization;

namespace AkkaFeeds.Contracts;

/// <summary>Names one slot: a fixed part of the keys of one generation of a feed.</summary>
/// <param name="Feed">The feed's name, <c>[a-z][a-z0-9-]{0,62}</c>.</param>
/// <param name="Generation">The generation, from 1.</param>
/// <param name="Index">The slot, from 0 to the feed's <c>slots</c> exclusive.</param>
public sealed record SlotId(string Feed, int Generation, int Index)
{
    /// <summary>The sharding entity id and the tail of the persistence id, such as <c>flights.1.3</c>.</summary>
    public override string ToString() => $"{Feed}.{Generation}.{Index}";

    /// <summary>The slot of a text that <see cref="ToString"/> has made.</summary>
    /// <exception cref="FormatException">It is no such text.</exception>
    public static SlotId Parse(string text) => text.Split('.') is [{ Length: > 0 } feed, var generation, var index]
        ? new SlotId(
            feed, int.Parse(generation, CultureInfo.InvariantCulture), int.Parse(index, CultureInfo.InvariantCulture))
        : throw new FormatException($"'{text}' does not name a slot");
}
