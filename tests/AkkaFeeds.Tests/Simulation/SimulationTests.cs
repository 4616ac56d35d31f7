using AkkaFeeds.Simulation;
using Xunit;

namespace AkkaFeeds.Tests.Simulation;

public sealed class SimulationTests
{
    private const int Histories = 300;

    [Fact]
    public void Three_hundred_histories_with_everything_that_can_go_wrong_end_right()
    {
        var violation = Runner.RunMany(1, Histories, Defect.None, out var counts);
        Assert.True(violation is null, $"seed {violation?.Seed}: {violation?.Violation}");
        foreach (var happening in Enum.GetValues<Happening>())
        {
            Assert.True(
                counts[(int)happening] >= Minimum.Of(happening, Histories),
                $"{happening} happened {counts[(int)happening]} times: the run means nothing");
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(42)]
    public void One_seed_is_one_history_whenever_it_is_run(int seed)
    {
        var first = Runner.Run((ulong)seed, tracing: true);
        var second = Runner.Run((ulong)seed, tracing: true);
        Assert.NotEmpty(first.Trace);
        Assert.Equal(first.Trace, second.Trace);
        Assert.Equal(first.Counts, second.Counts);
    }

    [Theory]
    [InlineData(nameof(Defect.SlotDoesNothing))]
    [InlineData(nameof(Defect.PreviousIgnored))]
    [InlineData(nameof(Defect.FloorFromHighest))]
    [InlineData(nameof(Defect.DurableBeforePersist))]
    [InlineData(nameof(Defect.RefusalsForgottenWhenSent))]
    [InlineData(nameof(Defect.CommitBeforeLedger))]
    [InlineData(nameof(Defect.RejectionSwallowed))]
    [InlineData(nameof(Defect.NoClaim))]
    public void A_defect_that_is_put_in_is_found(string defect) =>
        Assert.NotNull(Runner.RunMany(1, Histories, Enum.Parse<Defect>(defect), out _));
}
