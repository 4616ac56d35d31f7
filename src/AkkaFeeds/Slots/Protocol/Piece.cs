namespace AkkaFeeds.Slots.Protocol;

/// <summary>One event of a checkpoint: a stretch of its encoded bytes, cut anywhere.</summary>
/// <param name="CheckpointId">The checkpoint; unique over all incarnations, because it begins with the epoch.</param>
/// <param name="Index">Which piece, from 0.</param>
/// <param name="Count">How many pieces the checkpoint has, at least 1.</param>
/// <param name="Bytes">The stretch.</param>
internal sealed record Piece(string CheckpointId, int Index, int Count, ReadOnlyMemory<byte> Bytes);
