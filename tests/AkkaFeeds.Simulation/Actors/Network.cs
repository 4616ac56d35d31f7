namespace AkkaFeeds.Simulation.Actors;

/// <summary>
/// At-most-once: a message arrives or does not, some much later than others, in order between one sender and one
/// receiver.
/// </summary>
internal sealed class Network(World world)
{
    private readonly Dictionary<(int From, int To), long> last = [];

    /// <summary>Sends; false where the message is lost on its way.</summary>
    public bool Send(int from, int to, Action deliver)
    {
        var rng = world.Rng;
        var plan = world.Plan;
        if (world.IsRough && rng.PerMille(plan.Drops))
        {
            world.Count(Happening.MessageDropped);
            return false;
        }

        var delay = rng.Between(1, plan.NetworkDelayMax);
        if (world.IsRough && rng.PerMille(plan.LongDelays))
        {
            world.Count(Happening.MessageDelayedLong);
            delay += rng.Between(500, 4_000);
        }

        // The queue keeps the order of equal instants, so at least as late as the one before is behind it.
        var at = Math.Max(world.Now + delay, last.GetValueOrDefault((from, to)));
        last[(from, to)] = at;
        world.After(at - world.Now, deliver);
        return true;
    }
}
