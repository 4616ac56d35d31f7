using System.Globalization;

namespace AkkaFeeds.LogOracle;

/// <summary>One thing that a recording client saw.</summary>
/// <param name="Ms">When, Unix ms.</param>
/// <param name="Client">The session: one logical client over all its connections.</param>
/// <param name="Connection">The number of its connection.</param>
/// <param name="Node">The edge; nodes of one cluster have one word before the last blank.</param>
/// <param name="Op">
/// open, close, quiet (no frame for so long that the client shows everything stale), heard (frames come again),
/// snapshot, resumed, delta, state.
/// </param>
/// <param name="Key">The key; empty for what concerns the connection.</param>
/// <param name="Epoch">The epoch held after it.</param>
/// <param name="Version">The version held after it.</param>
/// <param name="Base">A delta's base, else -1.</param>
/// <param name="Hash">Of the view held after it; see <see cref="ViewHash"/>.</param>
/// <param name="State">The state held after it.</param>
/// <param name="Positions">The positions held after it.</param>
public sealed record FrameLine(
    long Ms, string Client, int Connection, string Node, string Op, string Key, string Epoch, long Version, long Base,
    string Hash, string State, IReadOnlyList<(int Partition, long Offset)> Positions)
{
    /// <summary>Whose keys these are: the cluster's, or those of a node for itself.</summary>
    public string Scope => Node.Split(' ')[0];

    /// <summary>Reads a line.</summary>
    public static FrameLine Parse(string[] fields) => new(
        Number(fields[0]), fields[1], (int)Number(fields[2]), fields[3], fields[4], fields[5], fields[6],
        Number(fields[7]), Number(fields[8]), fields[9], fields[10], PositionsOf(fields[11]));

    /// <summary>Reads <c>3:17,4:2</c>.</summary>
    public static IReadOnlyList<(int Partition, long Offset)> PositionsOf(string text) =>
        text.Length == 0 ? [] : [.. text.Split(',').Select(each => each.Split(':'))
            .Select(pair => ((int)Number(pair[0]), Number(pair[1])))];

    /// <summary>Writes what <see cref="PositionsOf"/> reads.</summary>
    public static string Text(IEnumerable<(int Partition, long Offset)> positions) => string.Join(
        ',', positions.OrderBy(each => each.Partition)
            .Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Partition}:{each.Offset}")));

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Ms}\t{Client}\t{Connection}\t{Node}\t{Op}\t{Key}\t{Epoch}\t{Version}\t{Base}\t"
        + $"{Hash}\t{State}\t{Text(Positions)}");

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
