namespace AkkaFeeds.Ingest.Protocol;

/// <summary>The bytes of a batch's records, by their index in it.</summary>
internal interface IRecordBytes
{
    /// <summary>The Kafka key; empty where there is none.</summary>
    ReadOnlyMemory<byte> KeyOf(int record);

    /// <summary>The value.</summary>
    ReadOnlyMemory<byte> ValueOf(int record);
}
