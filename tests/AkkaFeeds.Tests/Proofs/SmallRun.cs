using AkkaFeeds.LogOracle;
using AkkaFeeds.LogOracle.Checks;

namespace AkkaFeeds.Tests.Proofs;

/// <summary>
/// A run that an honest system could have left behind, small enough to be tampered with: two keys, one of them in two
/// partitions, two nodes, and a client that goes from one to the other.
/// </summary>
internal sealed class SmallRun
{
    public const long StaleAfterMs = 6_000;
    private const int Count = 60;

    public SmallRun()
    {
        var random = new Random(1);
        for (var index = 0; index < Count; index++)
        {
            var key = index % 3 == 0 ? "S" : "K";
            var partition = key == "S" ? index % 2 : 0;
            var sequence = Log.Count(record => record.Key == key);
            var offset = 2L * Log.Count(record => record.Partition == partition);
            Log.Add(new(
                partition, offset, index, key, sequence, random.Next(1_000), LogRecord.Kinds[random.Next(5)],
                random.Next(), 1_000 + index));
            Sends.Add(new(index, key, sequence, SendLine.Ok, partition, offset, AckedMs(index)));
        }

        Sends.Add(new(Count, "K", Count, SendLine.Failed, -1, -1, AckedMs(Count)));
        Sends.Add(new(Count + 1, "K", Count + 1, SendLine.Unknown, -1, -1, AckedMs(Count)));
        Watch();
        foreach (var key in new[] { "K", "S" })
        {
            Answers.Add(Answer(AnswerLine.Live, "node 0", key));
            Answers.Add(Answer(AnswerLine.Cold, "node 0", key));
            Answers.Add(Answer(AnswerLine.Client, "roams", key));
        }

        for (var number = 1; number <= 5; number++)
        {
            Journal.Add(["slot.totals.1.0", $"{number}", number < 3 ? "one" : "two"]);
            Commits.Add([$"{number}", "chaos", "0", $"{number * 10}"]);
        }

        Cuts.Add(["1", "0", "20", "whole"]);
        Unaccounted.Add(["node 0", "0", "0"]);
    }

    public List<LogRecord> Log { get; } = [];

    public List<SendLine> Sends { get; } = [];

    public List<FrameLine> Frames { get; } = [];

    public List<AnswerLine> Answers { get; } = [];

    public List<string[]> Journal { get; } = [];

    public List<string[]> Commits { get; } = [];

    public List<string[]> Cuts { get; } = [];

    public List<string[]> Unaccounted { get; } = [];

    public LogFold Fold
    {
        get
        {
            var fold = new LogFold();
            Log.ForEach(fold.Add);
            return fold;
        }
    }

    /// <summary>The names of the checks that do not hold, sorted.</summary>
    public IReadOnlyList<string> Failing =>
        [.. Results.Where(result => !result.Holds).Select(result => result.Name).Order()];

    public IReadOnlyList<CheckResult> Results
    {
        get
        {
            var fold = Fold;
            var history = new HistoryCheck(fold, Sends, StaleAfterMs);
            Frames.ForEach(history.Add);
            AnswerLine[] Of(string phase) => [.. Answers.Where(answer => answer.Phase == phase)];
            return
            [
                SendsCheck.Run(Sends, Log), AnswersCheck.Run("live", fold, Of(AnswerLine.Live), history.Slice),
                AnswersCheck.Run("cold", fold, Of(AnswerLine.Cold), history.Slice),
                AnswersCheck.Run("client", fold, Of(AnswerLine.Client), history.Slice), CommitsCheck.Durable(Cuts),
                CommitsCheck.Monotonic(Commits), JournalCheck.Run(Journal), .. history.Results,
                ConservationCheck.Run(Unaccounted),
            ];
        }
    }

    /// <summary>The frame of a key with a version, changed.</summary>
    public void Change(string key, long version, Func<FrameLine, FrameLine> change)
    {
        var index = Frames.FindIndex(frame => frame.Key == key && frame.Version == version && frame.Op == "delta");
        Frames[index] = change(Frames[index]);
    }

    private static long AckedMs(int index) => 10_000 + (500L * index);

    private AnswerLine Answer(string phase, string who, string key)
    {
        var positions = PositionsAt(key, Count);
        return new(phase, who, key, "live", "t.1", Fold.Whole(key).Count, Fold.Whole(key).Text, positions);
    }

    private List<(int Partition, long Offset)> PositionsAt(string key, int count) =>
        [.. Log.Take(count).Where(record => record.Key == key).GroupBy(record => record.Partition)
            .Select(group => (group.Key, group.Max(record => record.Offset)))];

    // Every record reaches the client 100 ms behind its acknowledgement; half-way it goes to another edge and resumes.
    private void Watch()
    {
        Frames.Add(Connection(AckedMs(0), 1, "open"));
        var held = new Dictionary<string, long>();
        for (var index = 0; index < Count; index++)
        {
            var (key, at) = (Log[index].Key, AckedMs(index) + 100);
            var connection = index < Count / 2 ? 1 : 2;
            if (index == Count / 2)
            {
                Frames.Add(Connection(at - 50, 1, "close"));
                Frames.Add(Connection(at - 40, 2, "open"));
                Frames.AddRange(held.Select(each => Frame(at - 30, 2, "resumed", each.Key, each.Value, -1, index)));
            }

            var version = held.GetValueOrDefault(key) + 1;
            Frames.Add(version == 1
                ? Frame(at, connection, "snapshot", key, 1, -1, index + 1)
                : Frame(at, connection, "delta", key, version, version - 1, index + 1));
            held[key] = version;
        }

        Frames.Add(Connection(AckedMs(Count), 2, "close"));
    }

    private FrameLine Frame(long ms, int connection, string op, string key, long version, long from, int count)
    {
        var positions = PositionsAt(key, count);
        return new(
            ms, "roams", connection, $"node {connection - 1}", op, key, "t.1", version, from,
            ViewHash.Of(Fold.At(key, positions).Text), "live", positions);
    }

    private static FrameLine Connection(long ms, int connection, string op) =>
        new(ms, "roams", connection, $"node {connection - 1}", op, "", "", -1, -1, "", "", []);
}
