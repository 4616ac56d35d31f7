using AkkaFeeds.Ingest.Protocol;

namespace AkkaFeeds.Ingest;

/// <summary>The bytes of the records of a decoded batch from the <paramref name="first"/> on.</summary>
internal sealed class BatchBytes(DecodedBatch batch, int first) : IRecordBytes
{
    public ReadOnlyMemory<byte> KeyOf(int record) => batch.Records.Span[first + record].Key;

    public ReadOnlyMemory<byte> ValueOf(int record) => batch.Records.Span[first + record].Value;
}
