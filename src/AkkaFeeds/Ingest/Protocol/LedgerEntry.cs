using AkkaFeeds.Contracts;

namespace AkkaFeeds.Ingest.Protocol;

/// <summary>A record that was not applied, as the ledger lists it.</summary>
/// <param name="Offset">Its offset.</param>
/// <param name="Outcome"><see cref="Outcome.Quarantined"/> or <see cref="Outcome.Late"/>.</param>
/// <param name="Reason">One of <see cref="Reasons"/>, or <c>late</c>.</param>
/// <param name="Detail">What an operator reads.</param>
/// <param name="Key">The Kafka key's bytes; empty where it had none or the bytes are not kept.</param>
/// <param name="Value">The value's bytes; empty where they are not kept.</param>
/// <param name="At">
/// Kafka's timestamp, Unix ms; 0 for what a slot refused (its key knows), and for what was listed before this was.
/// </param>
internal sealed record LedgerEntry(
    long Offset, Outcome Outcome, string Reason, string Detail, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value,
    long At = 0)
{
    /// <summary>How much of the ledger's byte limit it takes.</summary>
    public int Bytes => Key.Length + Value.Length;

    /// <summary>The same without the record's bytes.</summary>
    public LedgerEntry WithoutBytes() => this with { Key = default, Value = default };
}
