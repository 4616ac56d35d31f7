using System.Globalization;
using AkkaFeeds.Harness;
using AkkaFeeds.IntegrationTests.Fixtures;

namespace AkkaFeeds.Load;

/// <summary><c>flights</c>: the promise, proved on all the flights, and printed as a table.</summary>
internal static class FlightsProgram
{
    private const int DifferencesShown = 20;

    private static readonly KilledWhile[] States = Enum.GetValues<KilledWhile>();

    public static async Task<int> RunAsync(string[] options)
    {
        var arguments = Arguments.Parse(options, "records", "kills", "seed", "cases");
        var records = arguments.Number("records", FlightsFile.Count);
        var kills = arguments.Number("kills", 20);
        var seed = arguments.Number("seed", 1, least: 0);
        var cases = arguments.Words("cases", "plain", "keyless", "killed", "lost");
        Prerequisites.Check(needsFlights: true);
        if (records > FlightsFile.Count)
        {
            throw new UsageException($"--records: {records}: there are {FlightsFile.Count} flights");
        }

        Say($"{Machine.CommandLine()}\n{Machine.Describe()}\nseed {seed}");
        var expected = records == FlightsFile.Count
            ? ExpectedFlights.Read()
            : await FlightFold.OfFirstAsync(records);
        await using var broker = await Prerequisites.BrokerAsync(RealBroker.FastMachine);
        var proof = new FlightsProof(broker.BootstrapServers, records, expected, Say);
        var results = new List<ProofCase>();
        if (cases.Contains("plain"))
        {
            results.Add(await proof.PlainAsync("plain", keyed: true));
        }

        if (cases.Contains("keyless"))
        {
            results.Add(await proof.PlainAsync("keyless", keyed: false));
        }

        if (cases.Contains("killed"))
        {
            results.Add(await proof.KilledAsync("killed", kills, seed));
        }

        if (cases.Contains("lost"))
        {
            results.AddRange(await proof.LostStoreAsync("lost"));
        }

        Print(results);
        return results.TrueForAll(result => result.Holds) ? 0 : 1;
    }

    private static void Print(List<ProofCase> results)
    {
        var table = new MarkdownTable(
            "case", "records", "kills (starting/reading/idle)", "seconds", "keys equal", "fields unequal", "applied",
            "duplicate", "filtered", "late", "quarantined", "unaccounted", "holds");
        foreach (var result in results)
        {
            var kills = result.Kills.CountBy(killed => killed).ToDictionary();
            table.Add(
                result.Name, Text(result.Records),
                $"{result.Kills.Count} ({string.Join('/', States.Select(each => kills.GetValueOrDefault(each)))})",
                result.Seconds.ToString("F1", CultureInfo.InvariantCulture),
                $"{result.Comparison.KeysEqual} of {result.Comparison.KeysExpected}",
                Text(result.Comparison.Differences.Count), Text(result.Counts.Applied), Text(result.Counts.Duplicate),
                Text(result.Counts.Filtered), Text(result.Counts.Late), Text(result.Counts.Quarantined),
                Text(result.Counts.Unaccounted), result.Holds ? "yes" : "NO");
            foreach (var difference in result.Comparison.Differences.Take(DifferencesShown))
            {
                Say($"{result.Name}: {difference}");
            }
        }

        Console.WriteLine(table);
        Console.WriteLine("The counts are those of the server's last life; doubles are compared bit by bit.");
    }

    private static string Text(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static void Say(string line) => Console.Error.WriteLine(line);
}
