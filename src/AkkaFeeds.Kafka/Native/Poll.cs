using System.Runtime.InteropServices;

namespace AkkaFeeds.Kafka.Native;

/// <summary>
/// The functions of the poll thread. Consume of Confluent.Kafka allocates some 500 bytes and takes 0.5 us more a
/// record
/// than these calls (docs/kafka.md). Rebalance, error and statistics callbacks still run inside the poll, as there.
/// </summary>
internal static unsafe partial class Poll
{
    [LibraryImport(Librdkafka.ImportName, EntryPoint = "rd_kafka_consumer_poll")]
    public static partial NativeMessage* Next(nint client, int timeoutMilliseconds);

    [LibraryImport(Librdkafka.ImportName, EntryPoint = "rd_kafka_message_destroy")]
    public static partial void Destroy(NativeMessage* message);

    // A plain read of the message: the transition to native code would cost more than the call.
    [LibraryImport(Librdkafka.ImportName, EntryPoint = "rd_kafka_message_timestamp")]
    [SuppressGCTransition]
    public static partial long Timestamp(NativeMessage* message, out int kind);

    [LibraryImport(Librdkafka.ImportName, EntryPoint = "rd_kafka_message_leader_epoch")]
    [SuppressGCTransition]
    public static partial int LeaderEpoch(NativeMessage* message);

    [LibraryImport(Librdkafka.ImportName, EntryPoint = "rd_kafka_message_headers")]
    public static partial int Headers(NativeMessage* message, out nint headers);

    [LibraryImport(Librdkafka.ImportName, EntryPoint = "rd_kafka_header_cnt")]
    public static partial nuint HeaderCount(nint headers);

    [LibraryImport(Librdkafka.ImportName, EntryPoint = "rd_kafka_header_get_all")]
    public static partial int Header(nint headers, nuint index, out byte* name, out byte* value, out nuint length);

    [LibraryImport(Librdkafka.ImportName, EntryPoint = "rd_kafka_topic_name")]
    private static partial nint TopicNamePointer(nint topic);

    [LibraryImport(Librdkafka.ImportName, EntryPoint = "rd_kafka_queue_get_consumer")]
    public static partial nint ConsumerQueue(nint client);

    [LibraryImport(Librdkafka.ImportName, EntryPoint = "rd_kafka_queue_yield")]
    public static partial void Yield(nint queue);

    [LibraryImport(Librdkafka.ImportName, EntryPoint = "rd_kafka_queue_destroy")]
    public static partial void DestroyQueue(nint queue);

    [LibraryImport(
        Librdkafka.ImportName, EntryPoint = "rd_kafka_get_watermark_offsets",
        StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Watermarks(nint client, string topic, int partition, out long low, out long high);

    public static string TopicName(nint topic) => Marshal.PtrToStringUTF8(TopicNamePointer(topic)) ?? "";
}
