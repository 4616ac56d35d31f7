namespace AkkaFeeds.Simulation.Fanout;

/// <summary>One way from one sender to one receiver: keeps the order, loses some.</summary>
internal sealed class FanoutLink(FanoutWorld world)
{
    private long last;

    /// <summary>Sends, unless it is lost; says so.</summary>
    public bool Send(Action arrive, int lossPerMille)
    {
        if (world.Faulty && world.Rng.PerMille(lossPerMille))
        {
            world.Count(FanoutHappening.MessageDropped);
            return false;
        }

        last = Math.Max(last, world.Now + world.Rng.Between(0, world.Rng.PerMille(50) ? 400 : 20));
        world.After(last - world.Now, arrive);
        return true;
    }
}
