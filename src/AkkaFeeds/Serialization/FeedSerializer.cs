using Akka.Actor;
using Akka.Serialization;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Serialization;

/// <summary>
/// The one serializer for what crosses a process boundary or enters the journal: protobuf behind a manifest of two or
/// three
/// letters (tests/AkkaFeeds.Tests/Serialization/manifests.txt lists them all). A type or a manifest that it does not
/// know is
/// refused by name; nothing falls back to Akka's default JSON.
/// </summary>
public sealed class FeedSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>The identifier that stands in the journal; never another one.</summary>
    public override int Identifier => 7120;

    /// <inheritdoc/>
    public override string Manifest(object o) => WireTypes.Of(o).Manifest;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => WireTypes.Of(obj).Write(obj);

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) => WireTypes.Of(manifest).Read(bytes);
}
