using Akka.Actor;
using Akka.Event;
using Akka.Serialization;

namespace AkkaFeeds.Serialization;

/// <summary>
/// Stands in the place of Akka's default, which makes JSON of any object and any object of JSON. What no binding
/// covers is refused by name, and logged: a message that nobody gave a manifest must be found by whoever made it.
/// </summary>
public sealed class RefusingSerializer(ExtendedActorSystem system) : Serializer(system)
{
    /// <inheritdoc/>
    public override int Identifier => 7121;

    /// <inheritdoc/>
    public override bool IncludeManifest => true;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
    {
        var refused = $"{obj.GetType().FullName} has no serializer: it does not leave its node";
        system.Log.Error("A message was refused: {Refused}", refused);
        throw new ArgumentException(refused, nameof(obj));
    }

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type type) =>
        throw new ArgumentException($"{type?.FullName} has no serializer: nothing is read as one", nameof(bytes));
}
