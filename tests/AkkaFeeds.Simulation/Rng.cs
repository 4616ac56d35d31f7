namespace AkkaFeeds.Simulation;

/// <summary>
/// A generator of our own (splitmix64), so that a seed means the same on every platform and runtime.
/// </summary>
internal sealed class Rng(ulong seed)
{
    private ulong state = seed;

    public ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        return Mix(state);
    }

    /// <summary>A number from 0 to <paramref name="limit"/> exclusive.</summary>
    public int Below(int limit) => (int)(Next() % (ulong)limit);

    /// <summary>A number from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    /// <summary>True with this probability, in per mille.</summary>
    public bool PerMille(int probability) => Below(1000) < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
