using AkkaFeeds.Contracts;

namespace AkkaFeeds.Clients;

/// <summary>
/// The place of one subscribed key in an outbox: the newest view, and what the client holds of it. What comes in
/// between is merged by replacing the view.
/// </summary>
internal sealed class KeyPlace(Outbox outbox, string feed, KeyName key)
    : Place<KeyView>(outbox, feed), RelayMessages.IKeyScreen
{
    // How often a closed gate is looked at again.
    private const long GateMilliseconds = 100;

    private const long OvertakenMilliseconds = 3_000;

    private FreshnessStatus? shownState;
    private string? heldEpoch;

    // Its own, whose numbers change: who is shown a change every instant would else refer to something young for ever.
    private KeyValuePair<string, long>[] heldPositions = [];

    // The client holds `heldVersion`; of what it wants nothing has changed up to `sameUntil`.
    private long heldVersion;
    private long sameUntil;
    private long sentAt = long.MinValue / 2;
    private long passedAt = long.MaxValue;
    private bool mayResume;
    private bool isBlank;

    /// <summary>How many subscribes may wait for their answers.</summary>
    public const int UnansweredMax = 8;

    /// <summary>The key.</summary>
    public KeyName Key => key;

    /// <summary>The fields wanted; null for all.</summary>
    public FieldSelection? Fields { get; private set; }

    /// <summary>The least time between two deltas, ms; 0 for none.</summary>
    public long PauseMilliseconds { get; private set; }

    /// <summary>Whether each change is written as the whole view.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Whether it shows a key that no record has made.</summary>
    public bool IsBlank => isBlank;

    /// <summary>How many subscribes wait for their answers: each has one of its own.</summary>
    public int Unanswered { get; private set; }

    /// <summary>What the client holds of it, or says that it does; null for nothing.</summary>
    public ResumeFrom? Held => heldEpoch is null ? null : new ResumeFrom(heldEpoch, heldVersion, [.. heldPositions]);

    /// <summary>Takes a subscribe: the first, or one that replaces what is wanted.</summary>
    public void Subscribe(FieldSelection? fields, long pauseMilliseconds, ResumeFrom? resume)
    {
        Fields = fields;
        PauseMilliseconds = pauseMilliseconds;
        Unanswered++;
        mayResume = resume is not null;
        shownState = null;
        if (resume is not null)
        {
            Hold(resume.Epoch, resume.Version, resume.Positions);
        }
    }

    /// <inheritdoc/>
    public override long Write(long now, bool mayData, FrameBatch output)
    {
        if (Newest is not { } view)
        {
            return long.MaxValue;
        }

        if (view.Newest is not { } version)
        {
            WriteState(view, Rebuilding(view.Freshness), output);
            return long.MaxValue;
        }

        if (IsGated(view, version, now))
        {
            WriteState(view, Rebuilding(view.Freshness), output);
            return now + GateMilliseconds;
        }

        var isOther = Unanswered > 0 || heldEpoch != version.Epoch || version.Version > sameUntil;
        var waitsUntil = !mayData ? now : Unanswered == 0 ? sentAt + PauseMilliseconds : long.MinValue;
        if (isOther && (!mayData || now < waitsUntil))
        {
            // Views may be held back and merged, what they are worth may not; but to who still sees no view, the state
            // of the first one would say something of nothing.
            if (Unanswered == 0 && heldVersion > 0 && heldEpoch == version.Epoch)
            {
                WriteState(view, view.Freshness, output);
            }

            return waitsUntil;
        }

        if (version.View is null != isBlank && !TrySetBlank(version.View is null, output))
        {
            return long.MaxValue;
        }

        if (isOther)
        {
            WriteData(now, view, version, output);
        }

        WriteState(view, view.Freshness, output);
        return long.MaxValue;
    }

    // A key that no record has made is watched by leave only.
    private bool TrySetBlank(bool now, FrameBatch output)
    {
        if (now && !Outbox.TryAddBlank())
        {
            Outbox.Refuse(this);
            var refused = new ClientCommands.Refused(
                "limit", "No record has made this key, and no more such keys may be watched.", Feed, key.Key);
            output.Add(ControlFrames.Error(refused), FrameKind.Control);
            return false;
        }

        isBlank = now;
        if (!now)
        {
            Outbox.RemoveBlank();
        }

        return true;
    }

    // What is behind what the client has seen is not shown to it: a slot that recovered has to read that far again,
    // and so has a relay that is behind the one that the client had before. Positions in another log mean nothing.
    private bool IsGated(KeyView view, ViewVersion version, long now)
    {
        if (heldEpoch == version.Epoch)
        {
            return heldVersion > version.Version;
        }

#if DEFECT_GATE_IGNORED
        heldPositions = [];
#endif
        if (heldPositions.Length == 0 || heldEpoch is null || !ViewVersion.IsSameLog(heldEpoch, version.Epoch)
            || version.HasReached(heldPositions))
        {
            passedAt = long.MaxValue;
            return false;
        }

        if (view.Read?.HasPassed(heldPositions) != true)
        {
            passedAt = long.MaxValue;
            return true;
        }

        // The slot has read past it and the key has not changed: its records are gone from the log. But a change may
        // still be under way that the slot's report has overtaken, or lost, which two reports show.
        passedAt = Math.Min(passedAt, now);
        return now - passedAt < OvertakenMilliseconds;
    }

    // While a client waits behind its gate, the slot is rebuilding to it, whatever it is to others.
    private FreshnessStatus Rebuilding(FreshnessStatus state) => state.State == FreshnessState.Rebuilding ? state
        : shownState is { State: FreshnessState.Rebuilding } shown ? shown
        : new FreshnessStatus(FreshnessState.Rebuilding, "recovering", Outbox.ClockMilliseconds, Progress: 0);

    private void WriteData(long now, KeyView view, ViewVersion version, FrameBatch output)
    {
        if (Unanswered > 0)
        {
            if (!TryResume(view, version, output))
            {
                WriteSnapshot(now, view, version, CauseOfFirst(version), output);
                return;
            }
        }
        else if (heldEpoch != version.Epoch)
        {
            var isSame = heldEpoch is null || ViewVersion.IsSameLog(heldEpoch, version.Epoch);
            WriteSnapshot(now, view, version, isSame ? SnapshotCause.Recovery : SnapshotCause.Reset, output);
            return;
        }

        if (version.Version > sameUntil)
        {
            WriteDelta(now, view, version, output);
        }
    }

    private bool TryResume(KeyView view, ViewVersion version, FrameBatch output)
    {
        var canResume = mayResume && Unanswered == 1 && heldEpoch == version.Epoch
            && heldVersion > 0 && heldVersion <= version.Version
            && (heldVersion == version.Version || version.TryDelta(heldVersion, heldVersion, Fields, out _));
        if (canResume)
        {
            KeyFrames.WriteResumed(view.Name, version.Epoch, heldVersion, output.Begin());
            output.End(FrameKind.Resumed);
            sameUntil = heldVersion;
            Unanswered = 0;
            mayResume = false;
        }

        return canResume;
    }

    private SnapshotCause CauseOfFirst(ViewVersion version) =>
        mayResume && heldEpoch is not null && !ViewVersion.IsSameLog(heldEpoch, version.Epoch)
            ? SnapshotCause.Reset
            : SnapshotCause.Subscribe;

    private void WriteDelta(long now, KeyView view, ViewVersion version, FrameBatch output)
    {
        if (IsWhole || heldVersion == 0 || !version.TryDelta(heldVersion, sameUntil, Fields, out var frame))
        {
            WriteSnapshot(now, view, version, SnapshotCause.Resync, output);
            return;
        }

        sameUntil = version.Version;
        if (!frame.IsEmpty)
        {
            output.Add(frame.Span, FrameKind.Delta);
            Outbox.Wrote(Freshness, version.At);
            Sent(now, version);
        }
    }

    private void WriteSnapshot(long now, KeyView view, ViewVersion version, SnapshotCause cause, FrameBatch output)
    {
        for (var answers = Math.Max(1, Unanswered); answers > 0; answers--)
        {
            WriteSnapshot(view, cause, output);
        }

        Unanswered = 0;
        mayResume = false;
        sameUntil = version.Version;
        shownState = view.Freshness;
        Sent(now, version);
    }

    private void WriteSnapshot(KeyView view, SnapshotCause cause, FrameBatch output)
    {
        if (Fields is null)
        {
            output.Add(view.Snapshot().Span, KeyFrames.EndSnapshot(cause), FrameKind.Snapshot);
        }
        else
        {
            KeyFrames.BeginSnapshot(view, Fields, output.Begin());
            output.Add(KeyFrames.EndSnapshot(cause), FrameKind.Snapshot);
        }
    }

    private void Sent(long now, ViewVersion version)
    {
        Hold(version.Epoch, version.Version, version.Positions);
        sentAt = now;
    }

    private void Hold(string epoch, long version, IReadOnlyList<KeyValuePair<string, long>> positions)
    {
        (heldEpoch, heldVersion) = (epoch, version);
        var index = 0;
        for (; index < heldPositions.Length && index < positions.Count; index++)
        {
            var (partition, offset) = positions[index];
            ref var held = ref heldPositions[index];
            if (held.Key != partition)
            {
                break;
            }

            held = new(held.Key, offset);
        }

        if (index < heldPositions.Length || index < positions.Count)
        {
            heldPositions = [.. positions];
        }
    }

    private void WriteState(KeyView view, FreshnessStatus state, FrameBatch output)
    {
        if (shownState is { } shown && shown.IsSame(state))
        {
            return;
        }

        shownState = state;
        if (ReferenceEquals(state, view.Freshness))
        {
            output.Add(view.State().Span, FrameKind.State);
            return;
        }

        KeyFrames.WriteState(view.Name, state, output.Begin());
        output.End(FrameKind.State);
    }
}
