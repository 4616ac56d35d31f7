using Akka.Cluster.Sharding;

namespace AkkaFeeds;

/// <summary>
/// A shard an entity: slots and ledgers are few and heavy, so each is placed and moved alone. The entity's id is the
/// shard's.
/// </summary>
internal sealed class EntityPerShard<T>(Func<T, string> idOf) : IMessageExtractor
    where T : class
{
    public string? EntityId(object message) => message is T known ? idOf(known) : null;

    public object? EntityMessage(object message) => message;

    public string? ShardId(object message) => EntityId(message);

    public string ShardId(string entityId, object? messageHint = null) => entityId;
}
