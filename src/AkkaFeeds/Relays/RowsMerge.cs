using AkkaFeeds.Contracts;

namespace AkkaFeeds.Relays;

/// <summary>The best rows of all slots, merged. Pure.</summary>
/// <param name="feed">The feed.</param>
/// <param name="epoch">The incarnation of the collection.</param>
/// <param name="query">What is wanted.</param>
/// <param name="slots">The feed's slots.</param>
internal sealed class RowsMerge(string feed, string epoch, RowsQuery query, IReadOnlyList<SlotId> slots)
{
    /// <summary>A slot that has not answered for so long counts as gone.</summary>
    public static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(1.6);

    /// <summary>
    /// What was asked and not answered for so long is asked again. Not before: a large answer may be on its way, and
    /// others behind it would only hold it up.
    /// </summary>
    public static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);

    private readonly Part[] parts = [.. slots.Select(_ => new Part())];
    private TimeSpan? beganAt;
    private bool isNews;

    /// <summary>Whether every slot has answered what it was asked last.</summary>
    public bool IsAnswered => parts.All(part => part.Answered);

    /// <summary>What a slot said last, in its own words; null for nothing.</summary>
    public string? MarkOf(SlotId slot) => parts[slot.Index].Rows?.Mark;

    /// <summary>The slots to ask now, which count as asked: all but those whose answer may be on its way.</summary>
    public IEnumerable<SlotId> ToAsk(TimeSpan now)
    {
        foreach (var slot in slots)
        {
            var part = parts[slot.Index];
#if DEFECT_ROWS_ASKED_ONCE
            if (part.AskedAt is not null && !part.Answered)
#else
            if (part.AskedAt is { } asked && !part.Answered && now - asked < AskAgainAfter)
#endif
            {
                continue;
            }

            part.Answered = false;
            part.AskedAt = now;
            yield return slot;
        }
    }

    /// <summary>
    /// A slot's rows. What an older incarnation says is ignored: its answer may have waited somewhere for longer than
    /// the next one took to recover, and would show what was, as if it were live.
    /// </summary>
    public void On(SlotQueries.SlotRows rows, TimeSpan now)
    {
        var part = parts[rows.Slot.Index];
        if (!part.Accepts(rows.Incarnation))
        {
            return;
        }

        part.Rows = rows;
        part.Trees = [.. rows.Rows.Select(row => ViewNode.Parse(row.Data))];
        part.Answered = true;
        part.AnsweredAt = now;
        isNews = true;
    }

    /// <summary>A slot has nothing new.</summary>
    public void On(SlotQueries.Unchanged unchanged, TimeSpan now)
    {
        var part = parts[unchanged.Slot.Index];
        if (!part.Accepts(unchanged.Incarnation))
        {
            return;
        }

        part.Answered = true;
        part.AnsweredAt = now;
    }

    /// <summary>The collection now, or null where it is what it was or not known yet.</summary>
    /// <param name="former">What was shown last, or null.</param>
    /// <param name="now">The time.</param>
    /// <param name="storeDown">Whether the store is known not to answer.</param>
    public RowsView? Merge(RowsView? former, TimeSpan now, bool storeDown)
    {
        beganAt ??= now;
        if (parts.Any(part => part.Rows is null) && now - beganAt < AnswerPatience)
        {
            return null;
        }

        foreach (var part in parts)
        {
#if DEFECT_ROWS_NEVER_GONE
            var isGone = part.AnsweredAt is null;
#else
            var isGone = part.AnsweredAt is not { } answered || now - answered > AnswerPatience;
#endif
            isNews |= isGone != part.IsGone;
            part.IsGone = isGone;
        }

        if (!isNews && former is not null)
        {
            return null;
        }

        isNews = false;
        var gone = storeDown ? FreshnessState.Stale : FreshnessState.Rebuilding;
        var merged = Best(gone);
        var total = parts.Sum(part => part.Rows?.Total ?? 0);
        var at = parts.Max(part => part.Rows?.At ?? 0);
        var made = new RowsView(feed, epoch, (former?.Version ?? 0) + 1, merged, total, at);
        return former is null || !made.Since(former).IsEmpty ? made : null;
    }

    private List<RowsView.Row> Best(FreshnessState gone) =>
        [.. RowOrder.Best(parts.Select(part => part.Rows).OfType<SlotQueries.SlotRows>(), query).Select(best =>
        {
            var part = parts[best.Part.Slot.Index];
            var row = best.Part.Rows[best.Row];
            return new RowsView.Row(row.Key, part.Trees[best.Row], part.IsGone ? gone : row.Freshness.State);
        })];

    private sealed class Part
    {
        private long newest;

        public SlotQueries.SlotRows? Rows { get; set; }

        public IReadOnlyList<ViewNode> Trees { get; set; } = [];

        public bool Answered { get; set; }

        public TimeSpan? AskedAt { get; set; }

        public TimeSpan? AnsweredAt { get; set; }

        public bool IsGone { get; set; }

        // One that does not say which it is comes of a release that could not.
        public bool Accepts(long incarnation)
        {
            newest = Math.Max(newest, incarnation);
#if DEFECT_ROWS_OF_FORMER_SLOT
            return true;
#else
            return incarnation == 0 || incarnation == newest;
#endif
        }
    }
}
