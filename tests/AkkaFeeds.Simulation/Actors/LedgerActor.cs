using AkkaFeeds.Contracts;
using AkkaFeeds.Ingest.Protocol;
using AkkaFeeds.Simulation.Store;

namespace AkkaFeeds.Simulation.Actors;

/// <summary>One incarnation of a ledger: one command at a time, each answer behind its write.</summary>
internal sealed class LedgerActor(History history, LedgerHost host, int id)
{
    private const int TimeoutMilliseconds = 1_500;

    private readonly Queue<Action> commands = new();
    private readonly World world = history.World;
    private LedgerState state = new(entryBytesMax: 100);
    private long sequence;
    private int token;
    private bool recovered;
    private bool writing;

    public int Id { get; } = id;

    public bool IsAlive { get; private set; } = true;

    public void Begin() => world.After(world.Rng.Between(1, 60), () =>
    {
        foreach (var stored in history.Journal.StreamOf(host.StreamId).Events)
        {
            Apply(state, stored.Event);
            sequence = stored.Sequence;
        }

        recovered = true;
        Next();
    });

    public void Kill() => IsAlive = false;

    /// <summary>A lane wants the lease.</summary>
    public void OnTake(LaneActor lane, long logStart, bool goOn) => Enqueue(() =>
    {
        var answer = state.Decide(lane.Lease, "definition", logStart, out var taken);
        if (goOn && state.LossAt(logStart) is { } loss)
        {
            Write(new LossLetGo(loss), () => OnTake(lane, logStart, goOn));
            return;
        }

        if (taken is null)
        {
            history.Network.Send(Id, lane.Id, () => lane.OnLeaseRefused(answer));
            Next();
            return;
        }

        Write(taken, () => history.Network.Send(Id, lane.Id, Granted(lane)));
    });

    /// <summary>A lane wants the floor to rise.</summary>
    public void OnWrite(LaneActor lane, LedgerWrite write) => Enqueue(() =>
    {
        var given = world.Defect is Defect.LeaseIgnored ? write with { Lease = state.Lease ?? "" } : write;
        if (!state.Accepts(given))
        {
            world.Count(Happening.LedgerWriteRefused);
            history.Network.Send(Id, lane.Id, lane.OnRefused);
            Next();
        }
        else if (state.HasStored(given))
        {
            world.Count(Happening.LedgerWriteAlreadyStored);
            history.Network.Send(Id, lane.Id, () => lane.OnWritten(write.Floor));
            Next();
        }
        else
        {
            Write(state.ToEvent(given), () => history.Network.Send(Id, lane.Id, () => lane.OnWritten(write.Floor)));
        }
    });

    /// <summary>Makes an event part of a state.</summary>
    public static void Apply(LedgerState state, object stored)
    {
        switch (stored)
        {
            case LeaseTaken taken:
                state.Apply(taken);
                break;
            case LossLetGo letGo:
                state.Apply(letGo);
                break;
            case LedgerWrite write:
                state.Apply(write);
                break;
            default:
                throw new InvalidOperationException($"not an event of a ledger: {stored}");
        }
    }

    private Action Granted(LaneActor lane)
    {
        var view = state.View;
        return () => lane.OnLease(view);
    }

    private void Enqueue(Action command)
    {
        if (!IsAlive || commands.Count > 20)
        {
            world.Count(Happening.MessageLostInHandOff);
            return;
        }

        commands.Enqueue(command);
        Next();
    }

    private void Next()
    {
        if (IsAlive && recovered && !writing && commands.TryDequeue(out var command))
        {
            command();
        }
    }

    private void Write(object change, Action stored)
    {
        writing = true;
        var mine = ++token;
        history.Journal.Write(host.StreamId, sequence + 1, [change], atomic: true, (outcome, fenced) =>
        {
            if (fenced)
            {
                world.Count(Happening.LedgerFenced);
            }

            if (!IsAlive || token != mine || !writing)
            {
                return;
            }

            if (outcome is not WriteOutcome.Stored)
            {
                Stop();
                return;
            }

            writing = false;
            sequence++;
            Apply(state, change);
            stored();
            Next();
        });
        world.After(TimeoutMilliseconds, () =>
        {
            if (IsAlive && writing && token == mine)
            {
                Stop();
            }
        });
    }

    private void Stop()
    {
        IsAlive = false;
        host.OnStopped(this);
    }
}
