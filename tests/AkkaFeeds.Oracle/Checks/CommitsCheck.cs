using System.Globalization;

namespace AkkaFeeds.LogOracle.Checks;

/// <summary>
/// S3 and S4 as far as Kafka shows them: a group's commit never goes back; and where, with every node killed, the log
/// was deleted below the commit, the nodes came back whole from what they had stored.
/// </summary>
public static class CommitsCheck
{
    /// <summary>S4: Compares lines of Unix ms, group, partition and offset.</summary>
    public static CheckResult Monotonic(IEnumerable<string[]> lines)
    {
        var account = new Account("S4 no commit goes back");
        var newest = new Dictionary<(string, string), long>();
        foreach (var fields in lines)
        {
            var offset = long.Parse(fields[3], CultureInfo.InvariantCulture);
            account.Compare();
            if (newest.TryGetValue((fields[1], fields[2]), out var before) && offset < before)
            {
                account.Violated($"{fields[1]}: partition {fields[2]}: {offset} behind {before} at {fields[0]}");
            }

            newest[(fields[1], fields[2])] = offset;
        }

        return account.Result;
    }

    /// <summary>S3: Compares lines of Unix ms, partition, offset and what came of it.</summary>
    public static CheckResult Durable(IEnumerable<string[]> lines)
    {
        var account = new Account("S3 what is committed is durable");
        foreach (var fields in lines)
        {
            account.Compare();
            if (fields[3] != "whole")
            {
                account.Violated($"the log of partition {fields[1]} was deleted below its commit {fields[2]} "
                    + $"while every node was dead, and then: {fields[3]}");
            }
        }

        return account.Result;
    }
}
