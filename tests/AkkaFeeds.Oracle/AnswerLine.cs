using System.Globalization;

namespace AkkaFeeds.LogOracle;

/// <summary>What somebody said a key is, when all had come to rest.</summary>
/// <param name="Phase">live, cold (behind a restart of all nodes) or client.</param>
/// <param name="Who">The node or the client.</param>
/// <param name="Key">The key.</param>
/// <param name="State">The state.</param>
/// <param name="Epoch">The epoch.</param>
/// <param name="Version">The version.</param>
/// <param name="View">The view in its canonical spelling.</param>
/// <param name="Positions">The positions.</param>
public sealed record AnswerLine(
    string Phase, string Who, string Key, string State, string Epoch, long Version, string View,
    IReadOnlyList<(int Partition, long Offset)> Positions)
{
    /// <summary>An answer over HTTP before the restart.</summary>
    public const string Live = "live";

    /// <summary>An answer over HTTP behind the restart.</summary>
    public const string Cold = "cold";

    /// <summary>What a recording client holds.</summary>
    public const string Client = "client";

    /// <summary>Reads a line.</summary>
    public static AnswerLine Parse(string[] fields) => new(
        fields[0], fields[1], fields[2], fields[3], fields[4], long.Parse(fields[5], CultureInfo.InvariantCulture),
        fields[6], FrameLine.PositionsOf(fields[7]));

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Phase}\t{Who}\t{Key}\t{State}\t{Epoch}\t{Version}\t{View}\t{FrameLine.Text(Positions)}");
}
