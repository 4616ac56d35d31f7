using System.Diagnostics;
using AkkaFeeds.Chaos.World;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Chaos.Faults;

/// <summary>Sessions of the database are ended again and again, or the journal is locked by another.</summary>
internal sealed class DatabaseSessions() : Fault("F-15", "database sessions ended, or its journal locked")
{
    private const string Terminate = """
        SELECT count(*) FROM (SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity
        WHERE datname = 'chaos' AND pid <> pg_backend_pid()) AS all_of_them WHERE ended
        """;

    public override bool IsQuick => true;

    public override Task<FaultEffect> InjectAsync(ChaosWorld world, Random random) =>
        random.Next(2) == 0 ? EndAsync(world, random) : LockAsync(world, random);

    private static async Task<FaultEffect> EndAsync(ChaosWorld world, Random random)
    {
        var ended = 0L;
        for (var round = random.Next(5, 25); round > 0; round--)
        {
            ended += await world.Postgres.ScalarAsync<long>("postgres", Terminate);
            await Waiting.PauseAsync(TimeSpan.FromMilliseconds(150));
        }

        return new FaultEffect(ended, "sessions ended") { Gone = Stopwatch.StartNew() };
    }

    private static async Task<FaultEffect> LockAsync(ChaosWorld world, Random random)
    {
        long waiting;
        await using (var locked = await world.LockJournalAsync("ACCESS EXCLUSIVE"))
        {
            await Waiting.PauseAsync(Between(random, 3, 12));
            waiting = await locked.WaitingAsync();
        }

        return new FaultEffect(waiting, "sessions that waited for the lock") { Gone = Stopwatch.StartNew() };
    }
}
