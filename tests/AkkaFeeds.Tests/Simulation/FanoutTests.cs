using AkkaFeeds.Simulation.Fanout;
using Xunit;

namespace AkkaFeeds.Tests.Simulation;

public sealed class FanoutTests
{
    private const int Histories = 40;

    [Fact]
    public void Every_view_ends_equal_and_never_goes_back_whatever_is_lost_between_slot_and_client()
    {
        var violation = FanoutRunner.RunMany(1, Histories, FanoutDefect.None, out var counts);
        Assert.True(violation is null, $"seed {violation?.Seed}: {violation?.Violation}");
        foreach (var happening in Enum.GetValues<FanoutHappening>())
        {
            Assert.True(counts[(int)happening] > 0, $"{happening} never happened: the run means nothing");
        }
    }

    [Theory]
    [InlineData(nameof(FanoutDefect.NumbersIgnored))]
    [InlineData(nameof(FanoutDefect.WatchNotRepeated))]
    [InlineData(nameof(FanoutDefect.OldIncarnationBelieved))]
    [InlineData(nameof(FanoutDefect.BaseIgnored))]
    [InlineData(nameof(FanoutDefect.RecoveryUnnoticed))]
    [InlineData(nameof(FanoutDefect.GateIgnored))]
    [InlineData(nameof(FanoutDefect.OldestKept))]
    [InlineData(nameof(FanoutDefect.LeaseForgotten))]
    [InlineData(nameof(FanoutDefect.BeginIsOld))]
    [InlineData(nameof(FanoutDefect.ConditionFrozen))]
    [InlineData(nameof(FanoutDefect.RowsAskedOnce))]
    [InlineData(nameof(FanoutDefect.RecoveredUnchanged))]
    [InlineData(nameof(FanoutDefect.UnchangedIsEmpty))]
    [InlineData(nameof(FanoutDefect.CollectionLeftForAll))]
    [InlineData(nameof(FanoutDefect.QueryKept))]
    public void A_defect_on_the_way_to_the_client_is_found(string defect) =>
        Assert.NotNull(FanoutRunner.RunMany(1, Histories, Enum.Parse<FanoutDefect>(defect), out _));
}
