using AkkaFeeds.Contracts;

namespace AkkaFeeds.Clients;

/// <summary>The place of one subscribed collection in an outbox.</summary>
internal sealed class RowsPlace(Outbox outbox, string feed, string id, RowsQuery query)
    : Place<RowsView>(outbox, feed), RelayMessages.IRowsScreen
{
    private RowsView? sent;

    // What was shown after `sent` may show the same again: the client then goes on holding what it was sent.
    private RowsView? seen;
    private long sentAt = long.MinValue / 2;

    /// <summary>The client's name for it.</summary>
    public string Id => id;

    /// <summary>What is wanted.</summary>
    public RowsQuery Query => query;

    /// <summary>How many subscribes wait for their answers: each has one of its own.</summary>
    public int Unanswered { get; set; } = 1;

    /// <summary>The least time between two frames, ms; 0 for none.</summary>
    public long PauseMilliseconds { get; init; }

    /// <summary>
    /// The place of another query under the same id: what this one has not answered yet, that one answers, since the
    /// client waits for one whole answer to each subscribe.
    /// </summary>
    public RowsPlace Replace(RowsQuery other, long pauseMilliseconds) => new(Outbox, Feed, id, other)
    {
        Freshness = Freshness,
        PauseMilliseconds = pauseMilliseconds,
#if !DEFECT_ROWS_ANSWERED_ONCE
        Unanswered = Unanswered + 1,
#endif
    };

    /// <inheritdoc/>
    public override long Write(long now, bool mayData, FrameBatch output)
    {
        if (Newest is not { } view || ReferenceEquals(view, seen))
        {
            return long.MaxValue;
        }

        if (!mayData)
        {
            return now;
        }

        if (sent is not null && now < sentAt + PauseMilliseconds)
        {
            return sentAt + PauseMilliseconds;
        }

        var isDelta = sent is not null && sent.Epoch == view.Epoch;
#if DEFECT_ROWS_BASE_OF_SEEN
        var body = isDelta ? view.Since(seen!) : view.Whole();
#else
        var body = isDelta ? view.Since(sent!) : view.Whole();
#endif
        seen = view;
        if (!body.IsEmpty)
        {
            for (var frames = Math.Max(1, Unanswered); frames > 0; frames--)
            {
                RowsFrames.Begin(Feed, id, output.Begin());
                output.Add(body.Span, FrameKind.Rows);
            }

            if (isDelta && view.At > sent!.At)
            {
                Outbox.Wrote(Freshness, view.At);
            }

            Unanswered = 0;
            sent = view;
            sentAt = now;
        }

        return long.MaxValue;
    }
}
