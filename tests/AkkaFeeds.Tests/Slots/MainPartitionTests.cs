using AkkaFeeds.Contracts;
using AkkaFeeds.Slots;
using Xunit;

namespace AkkaFeeds.Tests.Slots;

/// <summary>A slot finds out by counting whether one partition makes its rows.</summary>
public sealed class MainPartitionTests
{
    private readonly MainPartition main = new(null);
    private TimeSpan now;

    public MainPartitionTests() => main.Tick(now);

    [Fact]
    public void A_partition_that_makes_nine_rows_in_ten_is_found_when_the_window_ends_and_not_before()
    {
        main.Count(Lane(1), 900);
        main.Count(Lane(0), 100);
        main.Tick(MainPartition.Window - TimeSpan.FromMilliseconds(1));
        Assert.Null(main.Found);
        Window();
        Assert.Equal(("flights", 1), main.Found);
    }

    [Fact]
    public void Rows_of_several_partitions_have_no_home()
    {
        main.Count(Lane(1), 899);
        main.Count(Lane(0), 101);
        Window();
        Assert.Null(main.Found);
    }

    [Fact]
    public void A_few_rows_say_nothing_and_change_nothing()
    {
        main.Count(Lane(1), MainPartition.RowsMin - 1);
        Window();
        Assert.Null(main.Found);
        main.Count(Lane(1), MainPartition.RowsMin);
        Window();
        main.Count(Lane(0), MainPartition.RowsMin - 1);
        Window();
        Assert.Equal(("flights", 1), main.Found);
    }

    [Fact]
    public void What_was_found_is_dropped_when_rows_come_from_elsewhere()
    {
        var moved = new MainPartition(("flights", 1));
        Assert.Equal(("flights", 1), moved.Found);
        moved.Tick(now);
        moved.Count(Lane(0), 500);
        moved.Count(Lane(1), 500);
        moved.Tick(now + MainPartition.Window);
        Assert.Null(moved.Found);
    }

    private static LaneId Lane(int partition) => new("flights", 1, "id", "flights", partition);

    private void Window() => main.Tick(now += MainPartition.Window);
}
