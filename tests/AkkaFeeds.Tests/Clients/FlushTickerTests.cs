using Akka.TestKit.Xunit2;
using AkkaFeeds.Clients;
using Xunit;

namespace AkkaFeeds.Tests.Clients;

/// <summary>Busy clients are woken when their own flush is due, and not all in one instant.</summary>
public sealed class FlushTickerTests : TestKit
{
    private readonly FlushTicker ticker = new(TimeSpan.FromMilliseconds(100), new ManualClock(), new LiveProgress());

    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 1)]
    [InlineData(11, 2)]
    [InlineData(100, 10)]
    [InlineData(5_000, 10)]
    [InlineData(-3, 1)]
    public void A_client_is_woken_in_the_first_turn_behind_its_time(long milliseconds, int turns)
    {
        var client = CreateTestProbe();
        for (var round = 0; round < 13; round++)
        {
            ticker.TellLater(client, "now", milliseconds);
            for (var turn = 1; turn < turns; turn++)
            {
                ticker.Turn();
                client.ExpectNoMsg(TimeSpan.Zero);
            }

            ticker.Turn();
            client.ExpectMsg("now");
        }
    }
}
