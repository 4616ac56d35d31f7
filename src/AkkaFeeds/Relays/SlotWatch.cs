using AkkaFeeds.Contracts;

namespace AkkaFeeds.Relays;

/// <summary>
/// A node's side of watching one slot: which keys, which of them the slot has shown since, and whether anything that
/// it sent was lost. Pure; what is to be sent to the slot goes to <paramref name="send"/>.
/// </summary>
/// <param name="slot">The slot.</param>
/// <param name="node">This node's relays, of one incarnation.</param>
/// <param name="send">Takes what is to be sent; it may be lost.</param>
internal sealed class SlotWatch(SlotId slot, string node, Action<ISlotMessage> send)
{
    /// <summary>A slot that has not reported for so long counts as gone: it reports each second.</summary>
    public static readonly TimeSpan ReportPatience = TimeSpan.FromSeconds(1.6);

    /// <summary>What was asked and not answered for so long is asked again.</summary>
    public static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);

    /// <summary>
    /// What a report counts may be on its way for so long: entities and slot are different senders, and two reports
    /// may come in quick succession.
    /// </summary>
    public static readonly TimeSpan ArrivalPatience = TimeSpan.FromSeconds(0.5);

    /// <summary>The most keys of one message: the longest keys stay far below the limit of a remote frame.</summary>
    public const int KeysPerWatch = 1_000;

    private readonly Dictionary<KeyName, KeyWatch> keys = [];
    private readonly List<long> above = [];
    private TimeSpan keysChangedAt;
    private TimeSpan askedAllAt;
    private TimeSpan wholeAt;

    // Of the numbers behind `floor` and up to `reported`, `counted` have come; those above stand in a list.
    private long floor;
    private long reported;
    private long counted;

    /// <summary>The slot.</summary>
    public SlotId Slot => slot;

    /// <summary>What the slot said last; null before its first word, and when a newer incarnation came.</summary>
    public WatchMessages.SlotReport? Report { get; private set; }

    /// <summary>When it last reported.</summary>
    public TimeSpan ReportedAt { get; private set; }

    /// <summary>The newest incarnation that has shown itself; 0 for none.</summary>
    public long Incarnation { get; private set; }

    /// <summary>How many keys are watched.</summary>
    public int Count => keys.Count;

    /// <summary>
    /// Whether every change that the newest report counts has come, or is asked for again because it was lost.
    /// </summary>
    public bool IsComplete => counted == reported - floor;

    /// <summary>Whether the slot has reported not long ago.</summary>
    public bool IsCurrent(TimeSpan now) => Report is not null && now - ReportedAt <= ReportPatience;

    /// <summary>Begins to watch a key.</summary>
    public void Watch(KeyName key, TimeSpan now)
    {
        if (keys.TryAdd(key, new KeyWatch { AskedAt = now }))
        {
            keysChangedAt = now;
            send(new WatchMessages.Watch(slot, node, [key], All: false));
        }
    }

    /// <summary>Ends it.</summary>
    public void Unwatch(KeyName key, TimeSpan now)
    {
        if (keys.Remove(key))
        {
            keysChangedAt = now;
            send(new WatchMessages.Unwatch(slot, node, [key]));
        }
    }

    /// <summary>Whether a key's begin is to be shown: it is of the newest incarnation and still wanted.</summary>
    public bool On(WatchMessages.KeyBegins begins, TimeSpan now)
    {
        if (!IsNewest(begins.Incarnation, now))
        {
            return false;
        }

        if (!keys.TryGetValue(begins.Key, out var watch))
        {
            send(new WatchMessages.Unwatch(slot, node, [begins.Key]));
            return false;
        }

        watch.Begun = true;
        return true;
    }

    /// <summary>Whether a change is to be shown: it continues what the slot began to show.</summary>
    public bool On(WatchMessages.KeyChanged changed, TimeSpan now)
    {
        if (!IsNewest(changed.Incarnation, now))
        {
            return false;
        }

        Received(changed.Number);
        if (keys.TryGetValue(changed.Key, out var watch))
        {
            return watch.Begun;
        }

        send(new WatchMessages.Unwatch(slot, node, [changed.Key]));
        return false;
    }

    /// <summary>Takes a report: finds out what was lost, and renews the lease.</summary>
    public void On(WatchMessages.SlotReport report, TimeSpan now)
    {
        if (!IsNewest(report.Incarnation, now))
        {
            return;
        }

        Report = report;
        ReportedAt = now;
        // Everything up to the former report has had a second to arrive, if the two did not come close together.
        if (IsComplete)
        {
            wholeAt = now;
        }

#if DEFECT_COUNT_IGNORED
        var isWhole = report.Sent >= reported;
#else
        var isWhole = now - wholeAt < ArrivalPatience && report.Sent >= reported;
#endif
        var isSame = report.Watched == keys.Count || now - keysChangedAt < AskAgainAfter
            || now - askedAllAt < AskAgainAfter;
        if (!isWhole || !isSame)
        {
            floor = report.Sent;
            counted = 0;
            wholeAt = now;
            AskAll(now);
        }
        else
        {
            send(new WatchMessages.Renew(slot, node));
        }

        counted += above.RemoveAll(number => number <= report.Sent && number > floor);
        above.RemoveAll(number => number <= floor);
        reported = report.Sent;
    }

    /// <summary>A relay found that a change does not continue what it has.</summary>
    public void AskAgain(KeyName key, TimeSpan now)
    {
        if (keys.TryGetValue(key, out var watch))
        {
            watch.Begun = false;
            watch.AskedAt = now;
            send(new WatchMessages.Watch(slot, node, [key], All: false));
        }
    }

    /// <summary>Asks again for what was not answered; called a few times a second.</summary>
    public void Tick(TimeSpan now)
    {
        if (keys.Count == 0)
        {
            return;
        }

        if (!IsCurrent(now))
        {
            if (now - askedAllAt > AskAgainAfter && now - keysChangedAt > AskAgainAfter)
            {
                AskAll(now);
            }

            return;
        }

        var waiting = new List<KeyName>();
        foreach (var (key, watch) in keys)
        {
#if DEFECT_WATCH_NOT_REPEATED
            if (!watch.Begun && now < watch.AskedAt)
#else
            if (!watch.Begun && now - watch.AskedAt > AskAgainAfter)
#endif
            {
                watch.AskedAt = now;
                waiting.Add(key);
            }
        }

        if (waiting.Count > 0)
        {
            Ask(waiting, all: false);
        }
    }

    // The first message of several drops what is not in it, and the others add to it: each key is answered anyhow.
    private void Ask(List<KeyName> wanted, bool all)
    {
        for (var at = 0; at == 0 || at < wanted.Count; at += KeysPerWatch)
        {
            var part = wanted.GetRange(at, Math.Min(KeysPerWatch, wanted.Count - at));
            send(new WatchMessages.Watch(slot, node, part, All: all && at == 0));
        }
    }

    private void AskAll(TimeSpan now)
    {
        askedAllAt = now;
        foreach (var watch in keys.Values)
        {
            watch.Begun = false;
            watch.AskedAt = now;
        }

        Ask([.. keys.Keys], all: true);
    }

    private bool IsNewest(long incarnation, TimeSpan now)
    {
        if (incarnation <= Incarnation)
        {
#if DEFECT_OLD_INCARNATION_BELIEVED
            return true;
#else
            return incarnation == Incarnation;
#endif
        }

        // A slot that recovered knows nobody who watches, and has sent nothing yet.
        var isFirst = Incarnation == 0;
        Incarnation = incarnation;
        Report = null;
        floor = reported = counted = 0;
        above.Clear();
        if (!isFirst)
        {
            AskAll(now);
        }

        return true;
    }

    private void Received(long number)
    {
        if (number > reported)
        {
            above.Add(number);
        }
        else if (number > floor)
        {
            counted++;
        }
    }

    private sealed class KeyWatch
    {
        public bool Begun { get; set; }

        public TimeSpan AskedAt { get; set; }
    }
}
