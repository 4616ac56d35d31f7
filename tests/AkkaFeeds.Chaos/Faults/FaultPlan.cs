namespace AkkaFeeds.Chaos.Faults;

/// <summary>
/// Draws the faults of a round from a seed: each kind once, as far as there is room, then quick ones.
/// </summary>
internal static class FaultPlan
{
    /// <summary>All kinds there are; new objects for each round, because some of them count.</summary>
    public static IReadOnlyList<Fault> All() =>
    [
        new ClientCut(), new GracefulLeave(), new NodeKilled(oldest: false), new DoubleWriter(), new Zombie(),
        new Partitioned(), new NodeKilled(oldest: true), new AllKilled(), new DatabaseRestart(),
        new DatabaseSessions(),
        new AnswerLost(), new DiskFull(), new LogTruncated(), new TopicRemade(), new Transactional(),
        new BrokerRestart(), new GroupStorm(), new Stalls(), new Poison(),
    ];

    /// <summary>The faults of one round, in order.</summary>
    public static IReadOnlyList<Fault> Draw(int count, Random random, IReadOnlyList<string> only)
    {
        Fault[] kinds = [.. All().Where(fault => only.Count == 0 || only.Contains(fault.Id))];
        Fault[] quick = [.. kinds.Where(fault => fault.IsQuick)];
        var drawn = new List<Fault>();
        while (drawn.Count < count)
        {
            var from = drawn.Count == 0 || quick.Length == 0 ? kinds : quick;
            var some = (Fault[])from.Clone();
            random.Shuffle(some);
            drawn.AddRange(some.Take(count - drawn.Count));
        }

        var all = drawn.ToArray();
        random.Shuffle(all);
        return all;
    }
}
