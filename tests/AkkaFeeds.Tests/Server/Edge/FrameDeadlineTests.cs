using AkkaFeeds.Harness;
using AkkaFeeds.Server.Edge.WebSockets;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

/// <summary>What has begun has to end in time, by a clock that is moved.</summary>
public sealed class FrameDeadlineTests : IDisposable
{
    private static readonly TimeSpan Part = FrameDeadline.Within / 4;
    private static readonly byte[] Whole = ClientFrame.Of(ClientFrame.Text, "hello"u8);

    private readonly CountingClock clock = new();
    private readonly FrameBoundary boundary = new();
    private int late;

    public FrameDeadlineTests() => boundary.Deadline = new FrameDeadline(clock, () => late++);

    [Fact]
    public void Whole_frames_need_no_timer()
    {
        for (var frame = 0; frame < 10; frame++)
        {
            boundary.Pass(Whole);
            clock.Advance(Part);
        }

        Assert.Equal((0, 0), (late, clock.Timers));
    }

    [Fact]
    public void A_frame_by_the_byte_is_late_though_bytes_of_it_come()
    {
        for (var index = 0; index < Whole.Length - 1; index++)
        {
            boundary.Pass(Whole.AsSpan(index, 1));
            clock.Advance(Part);
            Assert.Equal(index < 3 ? 0 : 1, late);
        }

        Assert.Equal(1, clock.Timers);
    }

    [Fact]
    public void A_message_without_an_end_is_late_though_its_frames_are_whole_and_others_come_between()
    {
        boundary.Pass(ClientFrame.Of(ClientFrame.Text, [], isFinal: false));
        for (var part = 0; part < 4; part++)
        {
            Assert.Equal(0, late);
            clock.Advance(Part);
            boundary.Pass(ClientFrame.Of(ClientFrame.Ping, [1]));
            boundary.Pass(ClientFrame.Of(ClientFrame.Continuation, [1], isFinal: false));
        }

        Assert.Equal(1, late);
    }

    [Fact]
    public void Who_ends_each_frame_in_time_is_never_late_however_the_bytes_are_cut()
    {
        boundary.Pass(Whole.AsSpan(..3));
        for (var frame = 0; frame < 10; frame++)
        {
            clock.Advance(3 * Part);
            boundary.Pass([.. Whole[3..], .. Whole[..3]]);
        }

        Assert.Equal(0, late);
    }

    [Fact]
    public void What_is_over_is_not_late()
    {
        boundary.Pass(Whole.AsSpan(..3));
        boundary.Deadline!.Dispose();
        boundary.Pass(Whole.AsSpan(3..4));
        clock.Advance(4 * Part);
        Assert.Equal(0, late);
    }

    public void Dispose() => boundary.Deadline!.Dispose();

    private sealed class CountingClock : FakeTimeProvider
    {
        /// <summary>How many timers were made.</summary>
        public int Timers { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Timers++;
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
