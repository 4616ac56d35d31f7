using AkkaFeeds.Contracts;

namespace AkkaFeeds.Simulation.Log;

/// <summary>
/// What is true of a log, worked out as it grows and by nothing but its records: for each slot how many rows there
/// are up to an offset and what they sum up to, for the ledger how many records went where below an offset. It shares
/// no code with the protocol.
/// </summary>
internal sealed class Oracle
{
    private readonly Keys keys;
    private readonly int? late;
    private readonly List<Rows>[] rows;
    private readonly List<Account> accounts = [];
    private readonly List<(long Offset, Outcome Outcome)> entries = [];
    private long newest = long.MinValue;

    public Oracle(Keys keys, int? late)
    {
        this.keys = keys;
        this.late = late;
        rows = new List<Rows>[keys.SlotCount];
        for (var slot = 0; slot < rows.Length; slot++)
        {
            rows[slot] = [];
        }
    }

    private Oracle(Oracle other)
    {
        keys = other.keys;
        late = other.late;
        rows = [.. other.rows.Select(list => new List<Rows>(list))];
        accounts = [.. other.accounts];
        entries = [.. other.entries];
        newest = other.newest;
    }

    /// <summary>Quarantined (also by the fold) and late records.</summary>
    public IReadOnlyList<(long Offset, Outcome Outcome)> Entries => entries;

    public Oracle Clone() => new(this);

    public void Append(SimRecord record)
    {
        var before = accounts.Count > 0 ? accounts[^1] : default;
        if (!record.Visible)
        {
            return;
        }

        var outcome = record.Raw;
        if (outcome is Outcome.Applied)
        {
            if (late is { } allowed && newest != long.MinValue && record.EventTime < newest - allowed)
            {
                outcome = Outcome.Late;
            }

            newest = Math.Max(newest, record.EventTime);
        }

        if (outcome is Outcome.Applied)
        {
            var list = rows[keys.SlotOf(record.Key)];
            var sum = list.Count > 0 ? list[^1] : default;
            list.Add(record.Refuses
                ? new Rows(record.Offset, sum.Count, sum.Digest)
                : new Rows(record.Offset, sum.Count + 1, sum.Digest + Rng.Mix((ulong)record.Id)));
            outcome = record.Refuses ? Outcome.Quarantined : outcome;
        }

        if (outcome is Outcome.Quarantined or Outcome.Late)
        {
            entries.Add((record.Offset, outcome));
        }

        accounts.Add(new Account(
            record.Offset,
            before.Applied + (outcome is Outcome.Applied ? 1 : 0),
            before.Filtered + (outcome is Outcome.Filtered ? 1 : 0),
            before.Late + (outcome is Outcome.Late ? 1 : 0),
            before.Quarantined + (outcome is Outcome.Quarantined ? 1 : 0),
            before.Unkeyed + (outcome is Outcome.Quarantined && record.Raw is Outcome.Quarantined ? 1 : 0),
            newest));
    }

    /// <summary>The rows of a slot at or below an offset.</summary>
    public Rows UpTo(int slot, long offset)
    {
        var index = CountBelow(rows[slot], offset + 1, static row => row.Offset);
        return index == 0 ? new Rows(-1, 0, 0) : rows[slot][index - 1];
    }

    /// <summary>All records below an offset.</summary>
    public Account Below(long offset)
    {
        var index = CountBelow(accounts, offset, static account => account.Offset);
        return index == 0 ? new Account(-1, 0, 0, 0, 0, 0, long.MinValue) : accounts[index - 1];
    }

    private static int CountBelow<T>(List<T> items, long offset, Func<T, long> offsetOf)
    {
        var low = 0;
        var high = items.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (offsetOf(items[middle]) < offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>Rows of a slot up to one of them: how many were folded, and the sum of their hashes.</summary>
    public readonly record struct Rows(long Offset, long Count, ulong Digest);

    /// <summary>Where the records up to one of them went.</summary>
    public readonly record struct Account(
        long Offset, long Applied, long Filtered, long Late, long Quarantined, long Unkeyed, long NewestEventTime);
}
