using Confluent.Kafka;

namespace AkkaFeeds.Kafka.Consuming;

/// <summary>Makes a key or a value from its bytes in native memory.</summary>
internal abstract unsafe class FieldReader<T>
{
    /// <summary>Whether the bytes themselves are kept, so that room for them is needed in the batch.</summary>
    public abstract bool KeepsBytes { get; }

    public abstract T Read(
        byte* data, int length, ref ByteChunks chunks, MessageComponentType component, string topic);

    public static FieldReader<T> For(IDeserializer<T>? deserializer)
    {
        if (deserializer is null && typeof(T) == typeof(ReadOnlyMemory<byte>))
        {
            return (FieldReader<T>)(object)new RawFieldReader();
        }

        var found = deserializer ?? BuiltIn().OfType<IDeserializer<T>>().FirstOrDefault();
        return found is null
            ? throw new ArgumentException($"no deserializer of {typeof(T)}", nameof(deserializer))
            : new DeserializingFieldReader<T>(found);
    }

    private static object[] BuiltIn() =>
    [
        Deserializers.Utf8, Deserializers.ByteArray, Deserializers.Int32, Deserializers.Int64, Deserializers.Single,
        Deserializers.Double, Deserializers.Null, Deserializers.Ignore,
    ];
}

internal sealed unsafe class RawFieldReader : FieldReader<ReadOnlyMemory<byte>>
{
    public override bool KeepsBytes => true;

    public override ReadOnlyMemory<byte> Read(
        byte* data, int length, ref ByteChunks chunks, MessageComponentType component, string topic) =>
        data is null ? default : chunks.Copy(data, length);
}

internal sealed unsafe class DeserializingFieldReader<T>(IDeserializer<T> deserializer) : FieldReader<T>
{
    public override bool KeepsBytes => false;

    public override T Read(
        byte* data, int length, ref ByteChunks chunks, MessageComponentType component, string topic) =>
        deserializer.Deserialize(
            new ReadOnlySpan<byte>(data, length), data is null, new SerializationContext(component, topic));
}
