namespace AkkaFeeds.LogOracle.Checks;

/// <summary>All checks of one run.</summary>
public static class RunCheck
{
    /// <summary>Reads a run's folder, whose log has been dumped, and checks everything.</summary>
    public static IReadOnlyList<CheckResult> Run(RunFolder folder)
    {
        var facts = RunFacts.Read(folder);
        var fold = LogFold.Read(folder);
        SendLine[] sends = [.. RunFolder.Lines(folder.Sends).Select(SendLine.Parse)];
        var history = new HistoryCheck(fold, sends, facts.StaleAfterMs);
        foreach (var fields in RunFolder.Lines(folder.History))
        {
            history.Add(FrameLine.Parse(fields));
        }

        var answers = RunFolder.Lines(folder.Answers).Select(AnswerLine.Parse).ToLookup(answer => answer.Phase);
        return
        [
            SendsCheck.Run(sends, Records(folder)),
            AnswersCheck.Run(
                "S1, S2 answers of every node = the log", fold, [.. answers[AnswerLine.Live]], history.Slice),
            AnswersCheck.Run(
                "S1, S2 answers behind a cold restart = the log", fold, [.. answers[AnswerLine.Cold]], history.Slice),
            AnswersCheck.Run(
                "S8 what every client holds = the log", fold, [.. answers[AnswerLine.Client]], history.Slice),
            CommitsCheck.Durable(RunFolder.Lines(folder.Cuts)),
            CommitsCheck.Monotonic(RunFolder.Lines(folder.Commits)),
            JournalCheck.Run(RunFolder.Lines(folder.Journal)),
            .. history.Results,
            ConservationCheck.Run(RunFolder.Lines(folder.Unaccounted)),
        ];
    }

    private static IEnumerable<LogRecord> Records(RunFolder folder) => RunFolder.Lines(folder.Log).Select(
        fields => LogRecord.Parse(
            int.Parse(fields[0], System.Globalization.CultureInfo.InvariantCulture),
            long.Parse(fields[1], System.Globalization.CultureInfo.InvariantCulture), fields[2]));
}
