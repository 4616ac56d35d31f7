using System.Globalization;

namespace AkkaFeeds.LogOracle.Checks;

/// <summary>
/// S5: every row that ever came into the journal, in order: no sequence number twice, and each persistence id takes
/// the next number and no other, whoever writes.
/// </summary>
public static class JournalCheck
{
    /// <summary>Compares lines of persistence id, sequence number and writer.</summary>
    public static CheckResult Run(IEnumerable<string[]> lines)
    {
        var account = new Account("S5 one writer of the journal");
        var newest = new Dictionary<string, (long Number, string Writer)>();
        var writers = new HashSet<string>();
        foreach (var fields in lines)
        {
            var (id, number, writer) = (fields[0], long.Parse(fields[1], CultureInfo.InvariantCulture), fields[2]);
            account.Compare();
            writers.Add(writer);
            if (newest.TryGetValue(id, out var before) && number != before.Number + 1)
            {
                account.Violated(
                    $"{id}: {number} of writer {writer} behind {before.Number} of writer {before.Writer}");
            }

            newest[id] = (number, writer);
        }

        account.Figure = $"{newest.Count} persistence ids, {writers.Count} writers";
        return account.Result;
    }
}
