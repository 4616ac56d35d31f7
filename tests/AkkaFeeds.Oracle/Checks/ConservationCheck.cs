using System.Globalization;

namespace AkkaFeeds.LogOracle.Checks;

/// <summary>S13: at rest no node has a record that it cannot account for, and none is behind.</summary>
public static class ConservationCheck
{
    /// <summary>Compares lines of node, unaccounted records and lag.</summary>
    public static CheckResult Run(IEnumerable<string[]> lines)
    {
        var account = new Account("S13 nothing unaccounted");
        foreach (var fields in lines)
        {
            account.Compare();
            if (double.Parse(fields[1], CultureInfo.InvariantCulture) != 0
                || double.Parse(fields[2], CultureInfo.InvariantCulture) != 0)
            {
                account.Violated($"{fields[0]}: {fields[1]} unaccounted, {fields[2]} behind, at rest");
            }
        }

        return account.Result;
    }
}
