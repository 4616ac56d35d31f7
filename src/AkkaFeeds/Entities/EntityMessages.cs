using Akka.Actor;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Entities;

/// <summary>What a slot tells the entity of one of its keys; it never leaves the node.</summary>
internal static class EntityMessages
{
    /// <summary>The key's view has changed, or is whole for the first time.</summary>
    /// <param name="Version">The version that it has now.</param>
    /// <param name="Whole">Whether <paramref name="Fields"/> is the whole view.</param>
    /// <param name="Fields">What changed, each field whole, as one JSON object; owned by the message.</param>
    /// <param name="Removed">The fields that have no value any more.</param>
    /// <param name="At">The newest <c>created</c> instant, Unix ms.</param>
    /// <param name="Positions">The last offset folded, by partition.</param>
    /// <param name="QuarantinedSince">Since when the key misses a record, Unix ms; 0 for not.</param>
    /// <param name="Nodes">Who is to be told, each with its number.</param>
    public sealed record Changed(
        long Version, bool Whole, ReadOnlyMemory<byte> Fields, IReadOnlyList<string> Removed, long At,
        IReadOnlyList<KeyValuePair<string, long>> Positions, long QuarantinedSince,
        IReadOnlyList<Numbered> Nodes) : INoSerializationVerificationNeeded;

    /// <summary>A node begins to watch the key, or has lost something: show it the whole view.</summary>
    public sealed record Join(IActorRef Node) : INoSerializationVerificationNeeded;

    /// <summary>A node, and the number that its next change has.</summary>
    public readonly record struct Numbered(IActorRef Node, long Number);
}
