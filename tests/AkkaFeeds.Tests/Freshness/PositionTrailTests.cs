using AkkaFeeds.Freshness;
using Xunit;

namespace AkkaFeeds.Tests.Freshness;

/// <summary>Since when a lane has been beyond an offset.</summary>
public sealed class PositionTrailTests
{
    private readonly PositionTrail trail = new();

    [Fact]
    public void Nothing_is_beyond_what_the_lane_has_not_passed()
    {
        Assert.Null(trail.BeyondSince(0));
        trail.Note(7, at: 1);
        Assert.Null(trail.BeyondSince(7));
        Assert.Equal(1, trail.BeyondSince(6));
    }

    [Fact]
    public void The_first_instant_beyond_counts_and_standing_still_changes_nothing()
    {
        trail.Note(7, at: 1);
        trail.Note(9, at: 2);
        trail.Note(9, at: 3);
        trail.Note(12, at: 4);
        Assert.Equal((1L, 2L, 4L), (trail.BeyondSince(6), trail.BeyondSince(7), trail.BeyondSince(9)));
    }

    [Fact]
    public void A_lower_position_begins_anew()
    {
        trail.Note(7, at: 1);
        trail.Note(3, at: 2);
        Assert.Null(trail.BeyondSince(5));
        trail.Note(6, at: 3);
        Assert.Equal(3, trail.BeyondSince(5));
    }

    [Fact]
    public void Recent_instants_stay_exact_and_old_ones_are_never_forgotten_or_dated_too_early()
    {
        const int Notes = 10_000;
        for (var note = 1; note <= Notes; note++)
        {
            trail.Note(note, at: note);
        }

        Assert.Equal(1, trail.BeyondSince(0));
        for (var note = 1; note < Notes; note++)
        {
            Assert.InRange(trail.BeyondSince(note - 1)!.Value, note, Notes);
        }

        Assert.All(Enumerable.Range(Notes - 30, 30), note => Assert.Equal(note + 1, trail.BeyondSince(note)));
    }
}
