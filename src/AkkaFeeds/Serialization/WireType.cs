using Google.Protobuf;

namespace AkkaFeeds.Serialization;

/// <summary>One type on the wire: its manifest, and how it becomes bytes and a message again.</summary>
/// <param name="Manifest">Its manifest; never used for another type.</param>
/// <param name="Type">The contract type.</param>
/// <param name="Write">To bytes.</param>
/// <param name="Read">From bytes.</param>
internal sealed record WireType(string Manifest, Type Type, Func<object, byte[]> Write, Func<byte[], object> Read)
{
    /// <summary>Makes one from the mapping between a contract type and its protobuf message.</summary>
    public static WireType Of<T, TWire>(
        string manifest, MessageParser<TWire> parser, Func<T, TWire> toWire, Func<TWire, T> fromWire)
        where T : notnull
        where TWire : IMessage<TWire> =>
        new(manifest, typeof(T), message => toWire((T)message).ToByteArray(), bytes =>
            fromWire(parser.ParseFrom(bytes)));
}
