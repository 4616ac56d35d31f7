using System.Runtime.InteropServices;

namespace AkkaFeeds.Kafka.Native;

/// <summary>librdkafka's <c>rd_kafka_message_t</c>, part of its stable binary interface.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeMessage
{
    public int Error;
    public nint Topic;
    public int Partition;
    public byte* Value;
    public nuint ValueLength;
    public byte* Key;
    public nuint KeyLength;
    public long Offset;
    public nint Opaque;
}
