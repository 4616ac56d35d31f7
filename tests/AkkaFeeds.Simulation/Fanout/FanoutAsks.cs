using AkkaFeeds.Contracts;

namespace AkkaFeeds.Simulation.Fanout;

/// <summary>
/// The ways between collections and slots: asks and answers are lost, asks come twice, a slot that moves is silent
/// for a while, and what a former incarnation has answered may come behind what its successor answers.
/// </summary>
internal sealed class FanoutAsks(FanoutWorld world, IReadOnlyList<FanoutSlot> slots)
{
    private readonly Dictionary<(FanoutNode, int), FanoutLink> up = [];
    private readonly Dictionary<(FanoutSlot, FanoutNode), FanoutLink> down = [];
    private readonly Dictionary<int, long> silentUntil = [];

    /// <summary>Asks whatever incarnation the slot has when the message arrives.</summary>
    public void Send(FanoutNode from, FanoutCollection collection, SlotQueries.GetRows message)
    {
        var link = LinkOf(up, (from, message.Slot.Index));
        if (!link.Send(() => Answer(from, collection, message), lossPerMille: 50))
        {
            world.Count(FanoutHappening.RowsAskLost);
        }
        else if (world.Faulty && world.Rng.PerMille(20))
        {
            world.Count(FanoutHappening.RowsAskedTwice);
            link.Send(() => Answer(from, collection, message), lossPerMille: 0);
        }
    }

    /// <summary>A slot has moved, and may not be found at once.</summary>
    /// <param name="former">The incarnation before.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="pause">For how long the former process stands still, ms; 0 where it does not.</param>
    public void Moved(FanoutSlot former, int slot, long pause)
    {
        if (world.Rng.PerMille(300))
        {
            world.Count(FanoutHappening.SlotSilent);
            silentUntil[slot] = world.Now + world.Rng.Between(200, 4_000);
        }

        foreach (var (way, link) in down)
        {
            if (way.Item1 == former)
            {
                link.Hold(pause);
            }
        }
    }

    private void Answer(FanoutNode to, FanoutCollection collection, SlotQueries.GetRows message)
    {
        if (to.IsGone || world.Now < silentUntil.GetValueOrDefault(message.Slot.Index))
        {
            return;
        }

        var slot = slots[message.Slot.Index];
        var answer = slot.Answer(message);
        if (!LinkOf(down, (slot, to)).Send(() => Take(to, collection, answer), lossPerMille: 50))
        {
            world.Count(FanoutHappening.RowsAnswerLost);
        }
    }

    private static void Take(FanoutNode to, FanoutCollection collection, IFeedMessage answer)
    {
        if (!to.IsGone)
        {
            collection.On(answer);
        }
    }

    private FanoutLink LinkOf<TWay>(Dictionary<TWay, FanoutLink> links, TWay way)
        where TWay : notnull
    {
        if (!links.TryGetValue(way, out var link))
        {
            links.Add(way, link = new FanoutLink(world));
        }

        return link;
    }
}
