using System.Text.Json;
using AkkaFeeds.Harness;
using AkkaFeeds.LogOracle;
using Xunit;

namespace AkkaFeeds.Tests.Proofs;

/// <summary>An oracle that never fails proves nothing: each invariant is shown a run that breaks it.</summary>
public sealed class OracleTests
{
    private const string Sends = "log = ledger of sends (S9: nothing aborted)";
    private const string Versions = "S6 one version, one value";
    private const string Order = "S7 no view goes backwards";
    private const string Prefixes = "S9 every view is a prefix of the log";
    private const string Fresh = "S12 never live with stale data";

    private static readonly Dictionary<string, (Action<SmallRun> Tamper, string[] Caught)> Tampered = new()
    {
        ["an acknowledged record is not in the log"] = (
            run => run.Log.RemoveAt(run.Log.Count - 1), [Sends, "client", "cold", "live", Prefixes]),
        ["a record stands twice in the log"] = (
            run => run.Log.Add(run.Log[^1] with { Offset = 1_000 }), [Sends, "client", "cold", "live"]),
        ["a record of an aborted transaction is in the log"] = (
            run => run.Log.Add(run.Log[^1] with { Id = run.Sends[^2].Id, Offset = 1_000 }),
            [Sends, "client", "cold", "live"]),
        ["a record that nobody sent is in the log"] = (
            run => run.Log.Add(run.Log[^1] with { Id = 99, Offset = 1_000, Sequence = 99 }),
            [Sends, "client", "cold", "live"]),
        ["a node has lost an update (S1)"] = (run => Tell(run, AnswerLine.Live, Before(run)), ["live"]),
        ["a node has counted a record twice (S2)"] = (run => Tell(run, AnswerLine.Live, Twice(run)), ["live"]),
        ["a node is not live at rest"] = (
            run => run.Answers[0] = run.Answers[0] with { State = "stale" }, ["live"]),
        ["a node lacks a key"] = (run => run.Answers.RemoveAt(0), ["live"]),
        ["a restarted node has lost an update"] = (run => Tell(run, AnswerLine.Cold, Before(run)), ["cold"]),
        ["a client was never told of the last record (S8)"] = (
            run => Tell(run, AnswerLine.Client, Before(run)), ["client"]),
        ["a commit was not durable (S3)"] = (
            run => run.Cuts.Add(["2", "1", "20", "not within 60 s: K is stale, lost-range"]),
            ["S3 what is committed is durable"]),
        ["a commit goes back (S4)"] = (
            run => run.Commits.Add(["9", "chaos", "0", "49"]), ["S4 no commit goes back"]),
        ["two writers have one sequence number (S5)"] = (
            run => run.Journal.Add(["slot.totals.1.0", "5", "one"]), ["S5 one writer of the journal"]),
        ["a fenced writer writes behind the fence (S5)"] = (
            run => run.Journal.Add(["slot.totals.1.0", "7", "one"]), ["S5 one writer of the journal"]),
        ["one version has two values (S6)"] = (
            run => run.Frames.Insert(
                run.Frames.Count - 1, run.Frames[^2] with { Client = "other", Op = "snapshot", Hash = "0" }),
            [Versions, Prefixes]),
        ["a version goes back (S7)"] = (
            run => run.Change("K", 12, frame => frame with { Version = 3 }), [Versions, Order]),
        ["a delta stands on what is not held (S7)"] = (
            run => run.Change("K", 12, frame => frame with { Base = 13 }), [Order]),
        ["an epoch comes back (S7)"] = (run => run.Change("K", 12, frame => frame with { Epoch = "t.2" }), [Order]),
        ["a position goes back (S7)"] = (
            run => run.Change("K", 12, frame => frame with { Positions = [(0, 2)] }),
            [Order, Prefixes, Fresh]),
        ["a view is no prefix of the log (S9)"] = (
            run => run.Change("K", 12, frame => frame with { Hash = "0" }), [Prefixes]),
        ["a view is live without an old record (S12)"] = (
            run => run.Frames.RemoveAll(frame => frame.Key == "S" && frame.Version is > 12 and < 19), [Order, Fresh]),
        ["a record is unaccounted (S13)"] = (
            run => run.Unaccounted.Add(["node 1", "1", "0"]), ["S13 nothing unaccounted"]),
        ["a node stays behind the log (S13)"] = (
            run => run.Unaccounted.Add(["node 1", "0", "7"]), ["S13 nothing unaccounted"]),
    };

    public static TheoryData<string> Names => [.. Tampered.Keys];

    [Fact]
    public void An_honest_run_holds_everywhere() => Assert.Empty(new SmallRun().Failing);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_run_that_was_tampered_with_is_caught_by_the_checks_that_it_concerns(string name)
    {
        var run = new SmallRun();
        Tampered[name].Tamper(run);
        Assert.Equal(Tampered[name].Caught.Order(), run.Failing);
        Assert.All(run.Results.Where(result => !result.Holds), result => Assert.NotEmpty(result.Findings));
    }

    [Fact]
    public void A_stale_or_silent_client_may_lack_records()
    {
        var run = new SmallRun();
        var index = run.Frames.FindIndex(frame => frame.Key == "S" && frame.Version == 12);
        run.Frames[index] = run.Frames[index] with { State = "stale" };
        run.Frames.RemoveAll(frame => frame.Key == "S" && frame.Version is > 12 and < 19);
        Assert.DoesNotContain(Fresh, run.Failing);
    }

    [Fact]
    public void A_comparison_of_nothing_does_not_hold()
    {
        var run = new SmallRun();
        run.Cuts.Clear();
        Assert.Equal(["S3 what is committed is durable"], run.Failing);
    }

    [Fact]
    public void A_divergence_is_told_by_its_first_offset()
    {
        var run = new SmallRun();
        Tell(run, AnswerLine.Live, Before(run));
        var finding = Assert.Single(run.Results.Single(result => result.Name == "live").Findings);
        Assert.Contains("the first divergent offset is 0:", finding.Message, StringComparison.Ordinal);
        Assert.NotEmpty(finding.Slice);
    }

    [Fact]
    public void The_folds_spelling_is_the_one_in_which_clients_hold_views()
    {
        var text = new SmallRun().Fold.Whole("S").Text;
        using var document = JsonDocument.Parse(text);
        Assert.Equal(HeldView.Canonical(document.RootElement), text);
        Assert.Equal(HeldView.Of(document.RootElement).Text, text);
    }

    [Fact]
    public void Lines_are_read_as_they_were_written()
    {
        var run = new SmallRun();
        Assert.All(run.Frames, frame => Assert.Equal($"{frame}", $"{FrameLine.Parse($"{frame}".Split('\t'))}"));
        Assert.All(run.Sends, send => Assert.Equal(send, SendLine.Parse($"{send}".Split('\t'))));
        Assert.All(run.Answers, answer => Assert.Equal($"{answer}", $"{AnswerLine.Parse($"{answer}".Split('\t'))}"));
    }

    // The key K as it was before its last record, honestly told.
    private static AnswerLine Before(SmallRun run)
    {
        var records = run.Log.Where(record => record.Key == "K").ToList();
        IReadOnlyList<(int, long)> positions = [(0, records[^2].Offset)];
        var view = run.Fold.At("K", positions);
        return new("", "node 0", "K", "live", "t.1", view.Count, view.Text, positions);
    }

    private static AnswerLine Twice(SmallRun run)
    {
        var last = run.Log.Last(record => record.Key == "K");
        var view = run.Fold.Whole("K").With(last);
        return new("", "node 0", "K", "live", "t.1", view.Count, view.Text, [(0, last.Offset)]);
    }

    private static void Tell(SmallRun run, string phase, AnswerLine told)
    {
        var index = run.Answers.FindIndex(answer => answer.Phase == phase && answer.Key == told.Key);
        run.Answers[index] = told with { Phase = phase, Who = run.Answers[index].Who };
    }
}
