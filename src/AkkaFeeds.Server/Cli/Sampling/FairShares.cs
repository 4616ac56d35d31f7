namespace AkkaFeeds.Server.Cli.Sampling;

/// <summary>Shares a number out so that nobody gets more than he has, and what one lacks the others give.</summary>
internal static class FairShares
{
    /// <summary>The shares, in the order of <paramref name="available"/>; together <paramref name="wanted"/>, or all
    /// there is.</summary>
    public static long[] Of(long wanted, IReadOnlyList<long> available)
    {
        var shares = new long[available.Count];
        var left = wanted;
        var poorestFirst = Enumerable.Range(0, available.Count).OrderBy(index => available[index]).ToList();
        for (var done = 0; done < poorestFirst.Count; done++)
        {
            var others = poorestFirst.Count - done;
            var index = poorestFirst[done];
            shares[index] = Math.Min(available[index], (left + others - 1) / others);
            left -= shares[index];
        }

        return shares;
    }
}
