using AkkaFeeds.Chaos.World;

namespace AkkaFeeds.Chaos.Faults;

/// <summary>One way in which things break. It ends with everything started again; that all is well again is waited for
/// by who injects it.</summary>
internal abstract class Fault(string id, string name)
{
    /// <summary>How long anything may take that ends well.</summary>
    protected static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    /// <summary>The row of the matrix.</summary>
    public string Id => id;

    /// <summary>What breaks, in a few words.</summary>
    public string Name => name;

    /// <summary>Roughly how long it takes, so that a short round can repeat the quick ones.</summary>
    public virtual bool IsQuick => false;

    /// <summary>Whether this machine lacks what it wants, and what; null where it can be done.</summary>
    public virtual string? Unavailable(ChaosWorld world) => null;

    /// <summary>Breaks something, and repairs what a supervisor or an operator repairs.</summary>
    public abstract Task<FaultEffect> InjectAsync(ChaosWorld world, Random random);

    /// <summary>A node of the cluster, by chance.</summary>
    protected static ChaosNode Any(ChaosWorld world, Random random) => world.Nodes[random.Next(world.Nodes.Count)];

    /// <summary>A wait that a fault lasts, by chance.</summary>
    protected static TimeSpan Between(Random random, double fromSeconds, double toSeconds) =>
        TimeSpan.FromSeconds(fromSeconds + (random.NextDouble() * (toSeconds - fromSeconds)));
}
