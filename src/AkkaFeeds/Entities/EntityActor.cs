using Akka.Actor;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Entities;

/// <summary>
/// One watched key, a child of its slot: holds the view and tells the watching nodes of every change. It owns nothing
/// durable; the slot stops it when nobody watches any more.
/// </summary>
internal sealed class EntityActor(SlotId slot, long incarnation, string epoch, KeyName key) : UntypedActor
{
    private readonly EntityView view = new(slot, incarnation, epoch, key);

    public static Props Props(SlotId slot, long incarnation, string epoch, KeyName key) =>
        Akka.Actor.Props.Create(() => new EntityActor(slot, incarnation, epoch, key));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case EntityMessages.Changed changed:
                Publish(changed);
                break;
            case EntityMessages.Join join:
                join.Node.Tell(view.Begins());
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Publish(EntityMessages.Changed changed)
    {
        view.Apply(changed);
        foreach (var (node, number) in changed.Nodes)
        {
            node.Tell(view.Changed(number));
        }
    }
}
