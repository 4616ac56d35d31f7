using System.Text.Json;

namespace AkkaFeeds.LogOracle;

/// <summary>
/// What the oracle has to be told of a run; everything else it reads from Kafka and from the run's files.
/// </summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Commit">The commit of the product.</param>
/// <param name="Brokers">host:port of Kafka.</param>
/// <param name="Topic">The topic of the feed that is compared.</param>
/// <param name="Partitions">How many partitions it has.</param>
/// <param name="StaleAfterMs">How long a view may lack an acknowledged record and call itself live.</param>
public sealed record RunFacts(
    long Seed, string Commit, string Brokers, string Topic, int Partitions, long StaleAfterMs)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes them into a run's folder.</summary>
    public void Write(RunFolder folder) =>
        File.WriteAllText(folder.Facts, JsonSerializer.Serialize(this, Indented));

    /// <summary>Reads them from a run's folder.</summary>
    public static RunFacts Read(RunFolder folder) =>
        JsonSerializer.Deserialize<RunFacts>(File.ReadAllText(folder.Facts))
        ?? throw new InvalidDataException($"{folder.Facts}: empty");
}
