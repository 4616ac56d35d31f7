namespace AkkaFeeds.LogOracle.Checks;

/// <summary>
/// What clients saw, frame by frame: S6 (one version, one value), S7 (never back, each delta on what is held), S9
/// (each view is the fold of a prefix of the log) and S12 (nobody shows as live what lacks an old record).
/// </summary>
public sealed class HistoryCheck
{
    private readonly Account versions = new("S6 one version, one value");
    private readonly Account order = new("S7 no view goes backwards");
    private readonly Account prefixes = new("S9 every view is a prefix of the log");
    private readonly Dictionary<(string Scope, string Key, string Epoch, long Version), string> hashes = [];
    private readonly Dictionary<(string Client, string Key), HeldKeyTrack> held = [];
    private readonly Dictionary<(string Client, string Key), Queue<string>> newest = [];
    private readonly LogFold fold;
    private readonly FreshnessCheck freshness;

    /// <summary>Begins with a log and the ledger of sends.</summary>
    public HistoryCheck(LogFold fold, IEnumerable<SendLine> sends, long staleAfterMs)
    {
        this.fold = fold;
        freshness = new(sends, staleAfterMs);
    }

    /// <summary>What all frames came to.</summary>
    public IReadOnlyList<CheckResult> Results => [versions.Result, order.Result, prefixes.Result, freshness.Result];

    /// <summary>The newest frames of a key at all clients.</summary>
    public IReadOnlyList<string> Slice(string key) =>
        [.. newest.Where(each => each.Key.Key == key).SelectMany(each => each.Value.TakeLast(8)).Order()];

    /// <summary>The next line.</summary>
    public void Add(FrameLine line)
    {
        freshness.Add(line);
        if (line.Key.Length == 0)
        {
            return;
        }

        var subject = (line.Client, line.Key);
        if (!newest.TryGetValue(subject, out var lines))
        {
            newest.Add(subject, lines = new());
            held.Add(subject, new());
        }

        lines.Enqueue(line.ToString());
        if (lines.Count > 24)
        {
            lines.Dequeue();
        }

        if (held[subject].Take(line) is { } back)
        {
            order.Violated($"{line.Client}: {line.Key}: {back}", () => [.. lines]);
        }

        order.Compare();
        if (line.Op is "snapshot" or "delta")
        {
            Value(line, lines);
        }
    }

    private void Value(FrameLine line, Queue<string> lines)
    {
        versions.Compare();
        prefixes.Compare();
        var version = (line.Scope, line.Key, line.Epoch, line.Version);
        if (!hashes.TryAdd(version, line.Hash) && hashes[version] != line.Hash)
        {
            versions.Violated($"{line.Client}: {line.Key}: version {line.Version} of {line.Epoch} is {line.Hash}, "
                + $"and was {hashes[version]}", () => [.. lines]);
        }

        var prefix = fold.At(line.Key, line.Positions);
        if (ViewHash.Of(prefix.Text) != line.Hash)
        {
            prefixes.Violated($"{line.Client}: {line.Key}: version {line.Version} of {line.Epoch} at "
                + $"{FrameLine.Text(line.Positions)} is not the fold of that prefix, {prefix.Text}", () => [.. lines]);
        }
    }
}
