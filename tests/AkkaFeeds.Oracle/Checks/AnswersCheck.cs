namespace AkkaFeeds.LogOracle.Checks;

/// <summary>
/// S1, S2 and S8 at rest: what each node answers, what each answers behind a restart of all, and what each client
/// holds, equals the fold of the whole log for every key, and each of these says that it is live.
/// </summary>
public static class AnswersCheck
{
    /// <summary>Compares the answers of one phase.</summary>
    /// <param name="name">What is compared.</param>
    /// <param name="fold">The log.</param>
    /// <param name="answers">The answers of the phase.</param>
    /// <param name="sliceOf">The history of a key around an offset.</param>
    public static CheckResult Run(
        string name, LogFold fold, IReadOnlyCollection<AnswerLine> answers,
        Func<string, IReadOnlyList<string>> sliceOf)
    {
        var account = new Account(name);
        foreach (var who in answers.GroupBy(answer => answer.Who))
        {
            var given = who.ToDictionary(answer => answer.Key);
            foreach (var key in fold.Keys)
            {
                account.Compare();
                if (!given.Remove(key, out var answer))
                {
                    account.Violated($"{who.Key}: {key} is lacking");
                }
                else if (Difference(fold, answer) is { } difference)
                {
                    account.Violated($"{who.Key}: {key}: {difference}", () => sliceOf(key));
                }
            }

            foreach (var stranger in given.Values)
            {
                account.Violated($"{who.Key}: {stranger.Key} is in no record: {stranger.View}");
            }
        }

        account.Figure = $"{answers.Select(answer => answer.Who).Distinct().Count()} x {fold.Keys.Count} keys";
        return account.Result;
    }

    private static string? Difference(LogFold fold, AnswerLine answer)
    {
        var expected = fold.Whole(answer.Key).Text;
        if (answer.View != expected)
        {
            return $"{answer.View} ({answer.State}, {answer.Epoch} {answer.Version}), "
                + $"but the log folds to {expected}; "
                + FirstDivergence(fold, answer);
        }

        return answer.State == "live" ? null : $"right, but {answer.State} when all was at rest";
    }

    // A view that is an honest prefix lacks what follows; one that is not equal to the prefix that it names went wrong
    // before its position.
    private static string FirstDivergence(LogFold fold, AnswerLine answer)
    {
        if (fold.At(answer.Key, answer.Positions).Text != answer.View)
        {
            return $"at or below its own position {FrameLine.Text(answer.Positions)} it differs from that prefix "
                + $"({fold.At(answer.Key, answer.Positions).Text})";
        }

        var next = fold.Behind(answer.Key, answer.Positions).FirstOrDefault();
        return next is null
            ? "the positions are the log's"
            : $"the first divergent offset is {next.Partition}:{next.Offset}";
    }
}
