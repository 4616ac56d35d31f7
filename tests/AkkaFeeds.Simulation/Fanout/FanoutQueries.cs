using AkkaFeeds.Contracts;

namespace AkkaFeeds.Simulation.Fanout;

/// <summary>
/// The collections of a history: so few that clients share them, so different that cut, order, prefix and fields
/// all matter. The number of the record is always among the fields, since by it a row is held against the log.
/// </summary>
internal static class FanoutQueries
{
    public static IReadOnlyList<RowsQuery> Make(Rng rng) => [.. Enumerable.Range(0, 4).Select(_ => One(rng))];

    private static RowsQuery One(Rng rng) => new(
        rng.PerMille(250) ? $"k{rng.Below(3)}" : "k",
        rng.Below(3) switch { 0 => ["a", "n"], 1 => ["n", "b", "c"], _ => null },
        rng.Below(5) switch { 0 => null, 1 => "n", 2 => "b", _ => "a" },
        rng.PerMille(500),
        rng.Between(1, 7));
}
