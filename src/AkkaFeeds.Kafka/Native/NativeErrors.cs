namespace AkkaFeeds.Kafka.Native;

/// <summary>The error codes that the poll thread tells apart.</summary>
internal static class NativeErrors
{
    public const int PartitionEnd = -191;
    public const int Fatal = -150;
    public const int AutoOffsetReset = -140;
    public const int OffsetOutOfRange = 1;
}
