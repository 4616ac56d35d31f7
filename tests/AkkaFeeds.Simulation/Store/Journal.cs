namespace AkkaFeeds.Simulation.Store;

/// <summary>How a write ended, as its writer is told.</summary>
internal enum WriteOutcome
{
    Stored,
    Failed,
    Rejected,
}

/// <summary>
/// The store: journals with the fence, snapshots in pieces, and every way in which a write can go wrong. What is
/// written belongs to the database: it lands whether or not its writer still lives.
/// </summary>
internal sealed class Journal(World world)
{
    private Dictionary<string, EventStream> streams = new(StringComparer.Ordinal);
    private int life;

    /// <summary>Called with the persistence id whenever an event has landed.</summary>
    public Action<string> OnLanded { get; set; } = static _ => { };

    public EventStream StreamOf(string id)
    {
        if (!streams.TryGetValue(id, out var stream))
        {
            streams.Add(id, stream = new EventStream());
        }

        return stream;
    }

    /// <summary>A copy of everything, as a back-up takes it.</summary>
    public IReadOnlyDictionary<string, EventStream> Copy() =>
        streams.ToDictionary(pair => pair.Key, pair => pair.Value.Copy(), StringComparer.Ordinal);

    /// <summary>Puts a copy back; what was under way is gone with the processes that asked for it.</summary>
    public void Restore(IReadOnlyDictionary<string, EventStream> copy)
    {
        life++;
        streams = copy.ToDictionary(pair => pair.Key, pair => pair.Value.Copy(), StringComparer.Ordinal);
    }

    /// <summary>Writes events at consecutive sequence numbers.</summary>
    /// <param name="id">The persistence id.</param>
    /// <param name="sequence">The first sequence number.</param>
    /// <param name="events">The events.</param>
    /// <param name="atomic">Whether all are inserted in one transaction.</param>
    /// <param name="answer">What the writer hears, if it lives; perhaps later than it waits.</param>
    public void Write(
        string id, long sequence, IReadOnlyList<object> events, bool atomic, Action<WriteOutcome, bool> answer)
    {
        var rng = world.Rng;
        var delay = rng.Between(1, world.Plan.PersistDelayMax);
        var fault = world.IsRough && rng.PerMille(world.Plan.PersistFaults) ? rng.Between(1, 5) : 0;
        switch (fault)
        {
            case 1:
                world.Count(Happening.PersistFailed);
                world.After(delay, () => answer(WriteOutcome.Failed, false));
                return;
            case 2:
                world.Count(Happening.PersistRejected);
                world.After(delay, () => answer(WriteOutcome.Rejected, false));
                return;
            case 3:
                world.Count(Happening.PersistDoneButFailed);
                Land(id, sequence, events, atomic, delay, (_, fenced) => answer(WriteOutcome.Failed, fenced));
                return;
            case 4:
                Land(id, sequence, events, atomic, delay + rng.Between(2_000, 5_000), (outcome, fenced) =>
                {
                    if (!fenced)
                    {
                        world.Count(Happening.PersistLandedAfterTimeout);
                    }

                    answer(outcome, fenced);
                });
                return;
            case 5 when !atomic && events.Count > 1:
                world.Count(Happening.PersistStoppedBetweenPieces);
                var some = events.Take(rng.Between(1, events.Count - 1)).ToList();
                Land(id, sequence, some, atomic, delay, (_, fenced) => answer(WriteOutcome.Failed, fenced));
                return;
            default:
                Land(id, sequence, events, atomic, delay, answer);
                return;
        }
    }

    /// <summary>Deletes events up to a sequence number.</summary>
    public void Delete(string id, long toInclusive) =>
        Later(world.Rng.Between(1, world.Plan.PersistDelayMax), () =>
            StreamOf(id).Events.RemoveAll(stored => stored.Sequence <= toInclusive));

    /// <summary>
    /// Saves a snapshot: its pieces first, its manifest last. It may come to nothing at either step.
    /// </summary>
    public void Save(string id, long sequence, byte[] bytes, Action<bool> answer)
    {
        var rng = world.Rng;
        var slow = world.IsRough && rng.PerMille(world.Plan.PersistFaults) ? rng.Between(500, 4_000) : 0;
        var fails = world.IsRough && rng.PerMille(world.Plan.PersistFaults);
        Later(rng.Between(1, world.Plan.PersistDelayMax), () =>
        {
            var snapshots = StreamOf(id).Snapshots;
            snapshots.RemoveAll(snapshot => snapshot.Sequence == sequence);
            snapshots.Add(new StoredSnapshot(sequence, bytes, IsWhole: false));
            Later(slow + rng.Between(1, world.Plan.PersistDelayMax), () =>
            {
                if (!fails)
                {
                    var list = StreamOf(id).Snapshots;
                    list.RemoveAll(snapshot => snapshot.Sequence == sequence);
                    list.Add(new StoredSnapshot(sequence, bytes, IsWhole: true));
                }

                answer(!fails);
            });
        });
    }

    /// <summary>Deletes snapshots up to a sequence number.</summary>
    public void DeleteSnapshots(string id, long toInclusive) =>
        Later(world.Rng.Between(1, world.Plan.PersistDelayMax), () =>
            StreamOf(id).Snapshots.RemoveAll(snapshot => snapshot.Sequence <= toInclusive));

    private void Land(
        string id, long sequence, IReadOnlyList<object> events, bool atomic, int delay, Action<WriteOutcome,
        bool> answer)
    {
        if (atomic || events.Count == 1)
        {
            Later(delay, () =>
            {
                var inserted = Insert(id, sequence, events);
                answer(inserted ? WriteOutcome.Stored : WriteOutcome.Failed, !inserted);
            });
            return;
        }

        InsertOneByOne(id, sequence, events, 0, delay, answer);
    }

    private void InsertOneByOne(
        string id, long sequence, IReadOnlyList<object> events, int index, int delay, Action<WriteOutcome,
        bool> answer) =>
        Later(delay, () =>
        {
            if (!Insert(id, sequence + index, [events[index]]))
            {
                answer(WriteOutcome.Failed, true);
            }
            else if (index + 1 == events.Count)
            {
                answer(WriteOutcome.Stored, false);
            }
            else
            {
                InsertOneByOne(id, sequence, events, index + 1, world.Rng.Between(1, 5), answer);
            }
        });

    private bool Insert(string id, long sequence, IReadOnlyList<object> events)
    {
        var stream = StreamOf(id);
        if (world.Defect is Defect.NoFence)
        {
            // Without the fence there is still the unique key.
            if (stream.Events.Exists(
                stored => stored.Sequence >= sequence && stored.Sequence < sequence + events.Count))
            {
                return false;
            }
        }
        else if (sequence <= stream.Highest)
        {
            return false;
        }

        for (var index = 0; index < events.Count; index++)
        {
            stream.Insert(new StoredEvent(sequence + index, events[index]));
        }

        OnLanded(id);
        return true;
    }

    private void Later(int delay, Action action)
    {
        var begun = life;
        world.After(delay, () =>
        {
            if (begun == life)
            {
                action();
            }
        });
    }
}
