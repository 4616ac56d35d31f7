namespace AkkaFeeds.Tests.Tidy;

/// <summary>
/// The exceptions of allow.txt: <c>rule path reason</c>, one a line. One that nothing needs is a violation too.
/// </summary>
internal sealed class Allowances
{
    public const string Path = "tests/AkkaFeeds.Tests/Tidy/allow.txt";

    private readonly HashSet<(string Rule, string Path)> used = [];
    private readonly List<(string Rule, string Path, int Line)> entries = [];
    private readonly List<Violation> malformed = [];

    public Allowances(string text)
    {
        var lines = text.Split('\n');
        for (var index = 0; index < lines.Length; index++)
        {
            if (lines[index].Trim() is not { Length: > 0 } line || line.StartsWith('#'))
            {
                continue;
            }

            var parts = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length < 3)
            {
                malformed.Add(new("allowance", Path, index + 1, "rule, path and reason are wanted"));
                continue;
            }

            entries.Add((parts[0], parts[1], index + 1));
        }
    }

    public IEnumerable<Violation> Malformed => malformed;

    /// <summary>What is left of the violations once the allowed ones are taken out.</summary>
    public IEnumerable<Violation> Without(IEnumerable<Violation> violations)
    {
        foreach (var violation in violations)
        {
            if (entries.Any(entry => entry.Rule == violation.Rule && entry.Path == violation.Path))
            {
                used.Add((violation.Rule, violation.Path));
            }
            else
            {
                yield return violation;
            }
        }
    }

    public IEnumerable<Violation> Unneeded() =>
        entries.Where(entry => !used.Contains((entry.Rule, entry.Path)))
            .Select(entry =>
                new Violation("allowance", Path, entry.Line, $"nothing in {entry.Path} needs {entry.Rule} any more"));
}
