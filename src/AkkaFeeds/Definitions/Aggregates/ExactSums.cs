using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Expressions;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Definitions.Aggregates;

/// <summary>What the aggregates that keep exact sums share.</summary>
internal static class ExactSums
{
    /// <summary>
    /// Adds a number to an exact sum and notes how to take it back; false with an overflow where it does not fit.
    /// </summary>
    public static bool TryAdd(ref Fold fold, Aggregate owner, ExactSum exact, int part, in Value term, string text)
    {
        if (!TryAdd(exact, term, 1))
        {
            fold.Scope.Fail(Reasons.Overflow, $"the sum of {text} does not fit a double");
            return false;
        }

        fold.Undo.Part(owner, part, exact, 1, term);
        return true;
    }

    /// <summary>Takes an addition back exactly, or a sum that was not there before.</summary>
    public static void Undo(KeyState state, in UndoLog.Entry entry)
    {
        if (entry.Number == 1)
        {
            TryAdd((ExactSum)entry.Old!, entry.Value, -1);
        }
        else
        {
            state.Parts[entry.Index] = entry.Old;
        }
    }

    private static bool TryAdd(ExactSum exact, in Value term, int sign)
    {
        if (!term.IsLong)
        {
            return exact.TryAdd(sign * term.AsDouble);
        }

        exact.Add((Int128)term.AsLong * sign);
        return true;
    }
}
