using AkkaFeeds.Slots.Protocol;
using CsCheck;
using Xunit;

namespace AkkaFeeds.Tests.Slots.Protocol;

public sealed class PiecesTests
{
    [Fact]
    public void Whatever_is_cut_anywhere_comes_together_again_at_the_last_piece_and_not_before() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.Int[1, 100]).Sample((bytes, bytesMax) =>
        {
            var pieces = Pieces.Cut("c", bytes, bytesMax);
            var assembler = new PieceAssembler();
            foreach (var piece in pieces)
            {
                Assert.InRange(piece.Bytes.Length, pieces.Count == 1 ? 0 : 1, bytesMax);
                var isLast = piece.Index == pieces.Count - 1;
                Assert.Equal(isLast, assembler.TryComplete(piece, 10 + piece.Index, out var whole));
                Assert.Equal(isLast ? bytes : [], whole.ToArray());
            }

            Assert.Equal(0, assembler.Incomplete);
        });

    [Fact]
    public void A_checkpoint_that_lacks_any_piece_never_comes_together() =>
        Gen.Select(Gen.Byte.Array[11, 200], Gen.Int[0, 100]).Sample((bytes, which) =>
        {
            var pieces = Pieces.Cut("c", bytes, 10);
            var missing = which % pieces.Count;
            var assembler = new PieceAssembler();
            foreach (var piece in pieces.Where(piece => piece.Index != missing))
            {
                Assert.False(assembler.TryComplete(piece, piece.Index, out _));
            }
        });

    [Fact]
    public void A_checkpoint_that_another_interrupts_is_ignored_and_counted()
    {
        var assembler = new PieceAssembler();
        var first = Pieces.Cut("a", new byte[15], 10);
        var second = Pieces.Cut("b", new byte[5], 10);

        Assert.False(assembler.TryComplete(first[0], 1, out _));
        Assert.True(assembler.TryComplete(second[0], 2, out var whole));
        Assert.False(assembler.TryComplete(first[1], 3, out _));

        Assert.Equal(5, whole.Length);
        Assert.Equal(1, assembler.Incomplete);
    }

    [Fact]
    public void Pieces_that_do_not_follow_each_other_in_the_journal_are_not_one_checkpoint()
    {
        var assembler = new PieceAssembler();
        var pieces = Pieces.Cut("a", new byte[15], 10);

        Assert.False(assembler.TryComplete(pieces[0], 1, out _));
        Assert.False(assembler.TryComplete(pieces[1], 3, out _));
    }

    [Fact]
    public void The_newest_event_is_never_cleaned_up()
    {
        var policy = new SnapshotPolicy(eventsPerSnapshot: 3, recoveredSnapshot: 0);
        Assert.False(policy.IsDue(2));
        Assert.True(policy.IsDue(3));

        policy.Saving(3);
        Assert.False(policy.IsDue(9));
        Assert.Equal(new CleanUp(2, 2), policy.Saved(ownSequence: 3));

        policy.Saving(9);
        Assert.Equal(new CleanUp(9, 8), policy.Saved(ownSequence: 12));
    }

    [Fact]
    public void A_replay_with_a_hole_or_a_missing_end_is_not_whole()
    {
        Assert.True(new ReplayCheck(7).IsWhole(7));
        Assert.True(new ReplayCheck(7).IsWhole(0));
        Assert.False(new ReplayCheck(7).IsWhole(8));

        var holed = new ReplayCheck(7);
        holed.Take(9);
        Assert.False(holed.IsWhole(9));

        var whole = new ReplayCheck(7);
        whole.Take(8);
        whole.Take(9);
        Assert.True(whole.IsWhole(9));
    }
}
