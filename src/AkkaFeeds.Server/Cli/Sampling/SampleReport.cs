using AkkaFeeds.Contracts;

namespace AkkaFeeds.Server.Cli.Sampling;

/// <summary>What a sample of one topic says about one feed.</summary>
internal sealed class SampleReport(string feed, string topic)
{
    /// <summary>How many problems are shown: the first ones, which are enough to see what is wrong.</summary>
    public const int ProblemsMax = 5;

    private readonly long[] counts = new long[Enum.GetValues<Outcome>().Length];

    public string Feed { get; } = feed;

    public string Topic { get; } = topic;

    public long Records { get; private set; }

    public List<(RecordPosition Position, string Text)> Problems { get; } = [];

    public long Count(Outcome outcome) => counts[(int)outcome];

    public void Add(RecordPosition position, SampledOutcome outcome)
    {
        Records++;
        counts[(int)outcome.Outcome]++;
        if (outcome.Outcome is Outcome.Quarantined or Outcome.Late && Problems.Count < ProblemsMax)
        {
            Problems.Add((position, outcome.Reason is null ? outcome.Detail! : $"{outcome.Reason}: {outcome.Detail}"));
        }
    }
}

/// <summary>What each step finds about one record.</summary>
/// <param name="Feed">The feed that reads it.</param>
/// <param name="Position">The record.</param>
/// <param name="Outcome">Where it would go.</param>
/// <param name="Steps">What each step finds, in order.</param>
internal sealed record Explanation(string Feed, RecordPosition Position, SampledOutcome Outcome,
    IReadOnlyList<string> Steps);
