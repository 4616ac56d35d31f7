using System.Collections.Immutable;
using System.Data.Common;
using Akka.Actor;
using Akka.Persistence;

namespace AkkaFeeds.Store;

/// <summary>Sees to the fence before anybody writes to the journal.</summary>
internal static class JournalFence
{
    private const string Nobody = "akkafeeds.start";
    private const long OutOfTurn = 2;
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Has the plugins make their tables where these are missing, and the database fence the journal.
    /// </summary>
    /// <exception cref="StartupException">The journal is not fenced, and must not be written to.</exception>
    public static async Task EnsureAsync(StoreDatabase database, ActorSystem system, CancellationToken cancellation)
    {
        try
        {
            using var alone = await Task.Run(database.Alone, cancellation).ConfigureAwait(false);
            await MakeTablesAsync(database, Persistence.Instance.Apply(system), cancellation).ConfigureAwait(false);
            if (database.EnsureFence() is { } missing)
            {
                throw NotFenced(database, $"{missing} is missing");
            }
        }
        catch (Exception exception) when (exception is DbException or AskTimeoutException)
        {
            throw new StartupException(
                $"store {database.DisplayName}", $"its tables cannot be made ({database.Explain(exception)})",
                "give its user the right to create tables, functions and triggers, or see to the store",
                database.IsUnreachable(exception) ? StartupException.Unreachable : StartupException.Failed, exception);
        }
    }

    /// <summary>
    /// Reads and writes as a slot does that recovers, under an id that nobody has: the event is out of turn, and the
    /// fence must refuse it. What a process does for the first time takes it seconds to compile, in which the slots
    /// that another node has just handed over would stand still.
    /// </summary>
    /// <exception cref="StartupException">The journal took the event, or the store does not answer.</exception>
    public static async Task RehearseAsync(StoreDatabase database, ActorSystem system, CancellationToken cancellation)
    {
        try
        {
            await RehearseAsync(database, Persistence.Instance.Apply(system), cancellation).ConfigureAwait(false);
        }
        catch (AskTimeoutException exception)
        {
            throw new StartupException(
                $"store {database.DisplayName}", $"it did not read or write within {Within.TotalSeconds:0} s",
                "see what holds its tables, and start again", StartupException.Unreachable, exception);
        }
    }

    private static async Task RehearseAsync(
        StoreDatabase database, PersistenceExtension plugins, CancellationToken cancellation)
    {
        await plugins.SnapshotStoreFor(null).Ask<object>(
            new LoadSnapshot(Nobody, SnapshotSelectionCriteria.Latest, long.MaxValue), Within, cancellation)
            .ConfigureAwait(false);
        await plugins.JournalFor(null).Ask<object>(
            asker => new ReplayMessages(1, long.MaxValue, long.MaxValue, Nobody, asker), Within, cancellation)
            .ConfigureAwait(false);
        var outOfTurn = new Persistent(
            new Slots.SlotEvents.Claim(Nobody), OutOfTurn, Nobody, writerGuid: Guid.NewGuid().ToString());
        var answer = await plugins.JournalFor(null).Ask<object>(
            asker => new WriteMessages(
                [new AtomicWrite(ImmutableList.Create<IPersistentRepresentation>(outOfTurn))], asker, 1),
            Within, cancellation).ConfigureAwait(false);
        if (answer is WriteMessagesSuccessful)
        {
            throw NotFenced(database, $"event {OutOfTurn} of {Nobody}, which has no event before it, was taken");
        }
    }

    private static StartupException NotFenced(StoreDatabase database, string why) => new(
        $"store {database.DisplayName}",
        $"its journal is not fenced ({why}): two writers could overwrite each other",
        "name an empty store, which is rebuilt from the log, or put back a copy that has it");

    // A plugin makes its tables when it first starts, and answers only then; the fence needs the tables of both.
    private static async Task MakeTablesAsync(
        StoreDatabase database, PersistenceExtension plugins, CancellationToken cancellation)
    {
        if (!database.TableExists("journal"))
        {
            await plugins.JournalFor(null).Ask<object>(
                asker => new ReplayMessages(1, 0, 0, Nobody, asker), Within, cancellation).ConfigureAwait(false);
        }

        if (!database.TableExists("snapshot"))
        {
            await plugins.SnapshotStoreFor(null).Ask<object>(
                new LoadSnapshot(Nobody, SnapshotSelectionCriteria.Latest, long.MaxValue), Within, cancellation)
                .ConfigureAwait(false);
        }
    }
}
