using System.Diagnostics;
using AkkaFeeds.Chaos.World;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Chaos.Faults;

/// <summary>Transactions are committed, and the answer that says so never arrives.</summary>
internal sealed class AnswerLost() : Fault("F-16", "commit done, its answer lost")
{
    public override bool IsQuick => true;

    public override async Task<FaultEffect> InjectAsync(ChaosWorld world, Random random)
    {
        var wanted = random.Next(1, 12);
        var lost = new LostAnswers(wanted);
        world.PostgresProxy.Filter = lost.Decide;
        try
        {
            await Waiting.ForAsync(
                () => Task.FromResult(lost.Taken >= wanted ? lost : null), "commits without an answer",
                TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(50));
        }
        catch (TimeoutException)
        {
            // What was taken counts.
        }
        finally
        {
            world.PostgresProxy.Filter = null;
        }

        return new FaultEffect(Math.Min(lost.Taken, wanted), "answers to COMMIT taken")
        {
            Gone = Stopwatch.StartNew(),
        };
    }
}
