using AkkaFeeds.Chaos.Faults;
using AkkaFeeds.Chaos.Reporting;
using AkkaFeeds.Chaos.World;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Chaos;

/// <summary>
/// Breaks one thing after the other: the next when every client is live again and equal to what nodes answer, and
/// never because time has passed.
/// </summary>
internal sealed class Nemesis(ChaosWorld world, CpuWatch cpu, Random random, int seed)
{
    private const int Tries = 3;
    private static readonly TimeSpan RecoveryMax = TimeSpan.FromSeconds(120);

    private readonly List<FaultRecord> records = [];

    public IReadOnlyList<FaultRecord> Records => records;

    /// <summary>Injects all of them; ends early where the system did not come back from one.</summary>
    public async Task RunAsync(IEnumerable<Fault> plan)
    {
        foreach (var fault in plan)
        {
            // A fault that did not take effect, or that met a starved machine, is drawn again; each try is counted.
            for (var attempt = 0; attempt < Tries; attempt++)
            {
                var record = await OneAsync(fault);
                records.Add(record);
                world.Say($"{record.Id} {record.Outcome}: {record.Fired} {record.Proof}, "
                    + $"recovered after {record.RecoveryMs / 1_000.0:F1} s {record.Note}");
                if (record.Outcome is not (FaultRecord.Inconclusive or FaultRecord.Void))
                {
                    break;
                }
            }

            if (records[^1] is { Outcome: FaultRecord.Violated, RecoveryMs: < 0 })
            {
                return;
            }
        }
    }

    /// <summary>What is left when a fault that was repeated has been seen to happen.</summary>
    public IReadOnlyList<FaultRecord> Settled => [.. records.Where((record, index) =>
        record.Outcome != FaultRecord.Inconclusive
        || !records.Skip(index + 1).Any(later => later.Id == record.Id && later.Outcome == FaultRecord.Survived))];

    private async Task<FaultRecord> OneAsync(Fault fault)
    {
        if (fault.Unavailable(world) is { } lacking)
        {
            return Record(fault, FaultRecord.Unavailable, 0, "", -1, lacking);
        }

        world.Say($"{fault.Id} {fault.Name}");
        var isVoid = cpu.IsStarved;
        FaultEffect? effect = null;
        try
        {
            effect = await fault.InjectAsync(world, random);
            await world.UntilRightAsync(RecoveryMax);
            var recovery = effect.Recovery ?? effect.Gone.Elapsed;
            var outcome = effect.Wrong is not null ? FaultRecord.Violated
                : isVoid ? FaultRecord.Void
                : effect.Fired == 0 ? FaultRecord.Inconclusive
                : FaultRecord.Survived;
            return Record(
                fault, outcome, effect.Fired, effect.Proof, (long)recovery.TotalMilliseconds, effect.Wrong ?? "");
        }
        catch (Exception failed) when (failed is TimeoutException or InvalidOperationException)
        {
            return Record(
                fault, FaultRecord.Violated, effect?.Fired ?? 0, effect?.Proof ?? "", -1, failed.Message);
        }
    }

    private FaultRecord Record(
        Fault fault, string outcome, long fired, string proof, long recoveryMs, string note) =>
        new(fault.Id, fault.Name, seed, outcome, fired, proof, recoveryMs, note);
}
