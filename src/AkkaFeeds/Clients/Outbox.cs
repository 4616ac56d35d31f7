using AkkaFeeds.Contracts;
using AkkaFeeds.Telemetry;

namespace AkkaFeeds.Clients;

/// <summary>
/// What one client is still to be sent: a place for each key and collection, each with its newest view only, and the
/// frames that answer it. Relays fill the places from their own threads; the client's actor flushes. One wake-up is
/// under way at the most, so nothing queues but what is new.
/// </summary>
/// <remarks>
/// It is its own lock, and its list of places is threaded through them: a relay that shows a change to thousands of
/// outboxes waits for memory and little else, so each touches as few objects as can be.
/// </remarks>
/// <param name="options">How it flushes.</param>
/// <param name="clock">The time, ms, monotonic.</param>
/// <param name="wake">Makes the client flush: at once (0), or so many ms from now.</param>
/// <param name="blanks">How many keys without a record may be watched; null for any number.</param>
internal sealed class Outbox(
    OutboxOptions options, Func<long> clock, Action<long> wake, BlankKeys? blanks = null)
{
    // A slow client is one again that keeps up when it answers within this part of the time between two marks.
    private const int PromptPart = 4;

    // So many flushes follow one another at once; behind them one for each flush time. A few changes a second, which
    // come when they like, are then never held back, and a busy client costs no more than before. With three, one
    // change in twelve waited where six a second come at random, and p99 was the flush time.
    private const int AtOnce = 8;

    private const int ControlBytesFirst = 256;

    private FrameBatch? control;
    private Place? listed;
    private List<KeyPlace>? refused;
    private int blankCount;
    private bool isWoken;
    private bool wantsMarks;
    private bool isSlow;
    private long freeAt = long.MinValue / 2;
    private long markedAt = long.MinValue / 2;
    private long markedClock;
    private long unanswered;
    private (FreshnessMeter? Meter, long At) newest;
    private (FreshnessMeter? Meter, long At) marked;
    private long marks;

    /// <summary>The wall clock of the flush that is under way, Unix ms.</summary>
    public long ClockMilliseconds { get; private set; }

    /// <summary>How many bytes of answers wait.</summary>
    public int ControlBytes
    {
        get
        {
            lock (this)
            {
                return control?.Bytes ?? 0;
            }
        }
    }

    /// <summary>Whether the last flush was cut at its limit: the client flushes again behind its write.</summary>
    public bool HasMore { get; private set; }

    /// <summary>Whether the last flush held views back, which wait for the answer to a mark.</summary>
    public bool IsHolding { get; private set; }

    /// <summary>The client answers marks.</summary>
    public void AnswerMarks()
    {
        lock (this)
        {
            wantsMarks = true;
        }
    }

    /// <summary>A relay shows something new.</summary>
    /// <param name="place">Where.</param>
    /// <param name="latest">Its <see cref="Latest{TView}"/>: the same each time, unless the relay is another.</param>
    public void Show(Place place, object latest)
    {
        long later;
        lock (this)
        {
            if (place.IsRemoved)
            {
                return;
            }

#if DEFECT_OLDEST_KEPT
            latest = latest is Latest<KeyView> { View: var view } ? new Latest<KeyView>(view) : latest;
            place.Shown = place.IsListed ? place.Shown ?? latest : latest;
#else
            if (!ReferenceEquals(place.Shown, latest))
            {
                place.Shown = latest;
            }
#endif
            List(place);
            if (!ClaimWake(out later))
            {
                return;
            }
        }

        wake(later);
    }

    /// <summary>Changes what is wanted of a key, and answers it as a first subscribe.</summary>
    public void Subscribe(KeyPlace place, FieldSelection? fields, long pauseMilliseconds, ResumeFrom? resume)
    {
        lock (this)
        {
            place.Subscribe(fields, pauseMilliseconds, resume);
            List(place);
        }

        Wake();
    }

    /// <summary>Forgets a place: nothing more of it is written, though its relay may not know that yet.</summary>
    public void Remove(Place place)
    {
        lock (this)
        {
            place.IsRemoved = true;
            if (place is KeyPlace { IsBlank: true })
            {
                RemoveBlank();
            }
        }
    }

    /// <summary>The keys whose watching was refused in a flush; they are to be removed.</summary>
    public IReadOnlyList<KeyPlace> TakeRefused()
    {
        lock (this)
        {
            IReadOnlyList<KeyPlace>? taken = refused;
            refused = null;
            return taken ?? Array.Empty<KeyPlace>();
        }
    }

    /// <summary>Gives back memory that answers took in a burst.</summary>
    public void Shrink()
    {
        lock (this)
        {
            control = control is { Count: > 0 } ? control : null;
        }
    }

    /// <summary>Gives back what its places count for.</summary>
    public void Release()
    {
        lock (this)
        {
            blanks?.Remove(blankCount);
            blankCount = 0;
        }
    }

    /// <summary>Called by a place during a flush: it shows a key that no record has made.</summary>
    public bool TryAddBlank()
    {
        if (blanks?.TryAdd(blankCount) == false)
        {
            return false;
        }

        blankCount++;
        return true;
    }

    /// <summary>Called by a place during a flush: a record has made its key.</summary>
    public void RemoveBlank()
    {
        blankCount--;
        blanks?.Remove(1);
    }

    /// <summary>Called by a place during a flush: it must not be watched.</summary>
    public void Refuse(KeyPlace place) => (refused ??= []).Add(place);

    /// <summary>Adds a frame that is no view; frames keep their order.</summary>
    public void Answer(ReadOnlySpan<byte> frame, FrameKind kind)
    {
        lock (this)
        {
            control ??= new FrameBatch(ControlBytesFirst);
            control.Add(frame, kind);
        }

        Wake();
    }

    /// <summary>There is something to write that is no view.</summary>
    public void Wake()
    {
        long later;
        lock (this)
        {
            if (!ClaimWake(out later))
            {
                return;
            }
        }

        wake(later);
    }

    /// <summary>Called by a place during a flush: it writes a change of which the newest record is so old.</summary>
    /// <param name="meter">Takes its age; null for nobody.</param>
    /// <param name="at">When the record was created, Unix ms.</param>
    public void Wrote(FreshnessMeter? meter, long at)
    {
        meter?.Observe(FreshnessStage.Write, ClockMilliseconds - at);
        if (wantsMarks && at >= newest.At)
        {
            newest = (meter, at);
        }
    }

    /// <summary>The client has painted what came before a mark.</summary>
    /// <param name="mark">The mark.</param>
    /// <param name="at">When, by this server's clock, Unix ms; null where it painted nothing.</param>
    public void Rendered(long mark, long? at = null)
    {
        lock (this)
        {
            if (mark != unanswered)
            {
                return;
            }

            unanswered = 0;
            var took = clock() - markedAt;
            if (at is { } painted)
            {
                // Between the mark and its answer, whatever the client's clock says.
                var paintedAt = Math.Clamp(painted, markedClock, markedClock + took);
                marked.Meter?.Observe(FreshnessStage.Render, paintedAt - marked.At);
            }

            isSlow = took > options.MarkMilliseconds || (isSlow && took > options.MarkMilliseconds / PromptPart);
        }

        Wake();
    }

    /// <summary>Writes all that is new, as far as the client may have it now.</summary>
    /// <param name="clockMilliseconds">The wall clock, Unix ms.</param>
    /// <param name="output">Takes the frames; was cleared.</param>
    /// <returns>
    /// When to flush again though nothing new is shown, ms by the monotonic clock; <see cref="long.MaxValue"/> for
    /// never.
    /// </returns>
    public long Flush(long clockMilliseconds, FrameBatch output)
    {
        lock (this)
        {
            var now = clock();
            ClockMilliseconds = clockMilliseconds;
            isWoken = false;
            HasMore = false;
            for (var index = 0; index < control?.Count; index++)
            {
                output.Add(control[index].Span, control.KindOf(index));
            }

            control?.Clear();
            var again = WritePlaces(now, output);

            // Who flushes again anyway need not be woken.
            isWoken = HasMore;
            if (output.Count > 0)
            {
                var pause = options.FlushMilliseconds;
                freeAt = Math.Max(freeAt, now - ((AtOnce - 1) * pause)) + pause;
            }

            Mark(now, output);
            return again;
        }
    }

    private long WritePlaces(long now, FrameBatch output)
    {
        var mayData = MayData(now);
        var again = long.MaxValue;
        for (var place = TakeListed(); place is not null;)
        {
            var next = place.NextListed;
            place.NextListed = null;
            place.IsListed = false;
            if (output.Bytes >= options.WriteBytes)
            {
                List(place);
                HasMore = true;
            }
            else if (!place.IsRemoved && place.Write(now, mayData, output) is var due and < long.MaxValue)
            {
                // What a mark holds back is looked at when the mark is answered.
                List(place);
                again = due > now ? Math.Min(again, due) : again;
            }

            place = next;
        }

        IsHolding = !mayData && listed is not null;
        return IsHolding && unanswered == 0 ? Math.Min(again, markedAt + options.MarkMilliseconds) : again;
    }

    // Who answered late is sent views with a mark only, and then nothing until the answer: what is written behind a
    // mark would stand in the socket and grow old there, for as long as the mark may be unanswered.
    private bool MayData(long now)
    {
        var isTimeToMark = now - markedAt >= options.MarkMilliseconds;
        return unanswered == 0
            ? !isSlow || isTimeToMark
            : !isSlow && now - markedAt <= options.MarkMilliseconds;
    }

    private void List(Place place)
    {
        if (!place.IsListed)
        {
            place.IsListed = true;
            place.NextListed = listed;
            listed = place;
        }
    }

    // The newest is listed first and written last.
    private Place? TakeListed()
    {
        Place? turned = null;
        for (var place = listed; place is not null;)
        {
            var next = place.NextListed;
            place.NextListed = turned;
            turned = place;
            place = next;
        }

        listed = null;
        return turned;
    }

    private void Mark(long now, FrameBatch output)
    {
        var hasData = output.CountOf(FrameKind.Snapshot) + output.CountOf(FrameKind.Delta)
            + output.CountOf(FrameKind.Rows) > 0;
        if (!wantsMarks || !hasData || unanswered != 0 || now - markedAt < options.MarkMilliseconds)
        {
            return;
        }

        unanswered = ++marks;
        (marked, newest) = (newest, default);
        markedAt = now;
        markedClock = ClockMilliseconds;
        var text = new FrameText(output.Begin());
        text.Raw("{\"op\":\"mark\",\"mark\":"u8);
        text.Number(unanswered);
        text.Raw("}"u8);
        output.End(FrameKind.Mark);
    }

    // Under the lock: whether the caller has to wake the client, who is woken once until he flushes.
    private bool ClaimWake(out long later)
    {
        later = 0;
        if (isWoken)
        {
            return false;
        }

        isWoken = true;
        later = Math.Max(0, freeAt - clock());
        return true;
    }
}
