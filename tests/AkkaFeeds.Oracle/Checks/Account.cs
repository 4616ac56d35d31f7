namespace AkkaFeeds.LogOracle.Checks;

/// <summary>Counts the comparisons of one invariant and keeps the first inequalities.</summary>
public sealed class Account(string name)
{
    private const int KeptMax = 10;

    private readonly List<Finding> findings = [];

    /// <summary>How many things were compared.</summary>
    public long Compared { get; private set; }

    /// <summary>How many inequalities there were.</summary>
    public long Violations { get; private set; }

    /// <summary>A figure for the report.</summary>
    public string Figure { get; set; } = "";

    /// <summary>One more comparison.</summary>
    public void Compare() => Compared++;

    /// <summary>The comparison failed.</summary>
    public void Violated(string message, Func<IReadOnlyList<string>>? slice = null)
    {
        Violations++;
        if (findings.Count < KeptMax)
        {
            findings.Add(new(message, slice?.Invoke() ?? []));
        }
    }

    /// <summary>What it came to.</summary>
    public CheckResult Result => new(name, Compared, Violations, [.. findings], Figure);
}
