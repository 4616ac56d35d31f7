namespace AkkaFeeds.Simulation.Fanout;

/// <summary>
/// One way from one sender to one receiver: keeps the order, loses some. While it is held nothing arrives.
/// </summary>
internal sealed class FanoutLink(FanoutWorld world)
{
    private long last;
    private long heldUntil;

    /// <summary>Sends, unless it is lost; says so.</summary>
    public bool Send(Action arrive, int lossPerMille)
    {
        if (world.Faulty && world.Rng.PerMille(lossPerMille))
        {
            world.Count(FanoutHappening.MessageDropped);
            return false;
        }

        last = Math.Max(last, world.Now + world.Rng.Between(0, world.Rng.PerMille(50) ? 400 : 20));
        world.After(last - world.Now, () => Arrive(arrive));
        return true;
    }

    /// <summary>What is under way arrives later than now by so much, as where a process stands still.</summary>
    public void Hold(long milliseconds) => heldUntil = world.Now + milliseconds;

    private void Arrive(Action arrive)
    {
        if (heldUntil > world.Now)
        {
            world.After(heldUntil - world.Now, () => Arrive(arrive));
        }
        else
        {
            arrive();
        }
    }
}
