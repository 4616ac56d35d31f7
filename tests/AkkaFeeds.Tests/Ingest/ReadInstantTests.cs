using AkkaFeeds.Ingest;
using Xunit;

namespace AkkaFeeds.Tests.Ingest;

public sealed class ReadInstantTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeMilliseconds(1_764_000_000_000);

    [Fact]
    public void What_is_written_behind_a_log_that_was_read_to_its_end_makes_nothing_older_than_that()
    {
        var read = new ReadInstant();
        Assert.Equal(DateTimeOffset.UnixEpoch, read.Behind);
        read.OnRecord(Start);
        Assert.Equal(Start, read.Behind);
        read.OnEnd(Start.AddHours(1));
        Assert.Equal(Start.AddHours(1), read.Behind);
        read.OnRecord(Start.AddHours(2));
        Assert.Equal(Start.AddHours(2), read.Behind);
    }

    [Fact]
    public void A_record_with_an_old_timestamp_takes_nothing_away_from_what_was_read()
    {
        var read = new ReadInstant();
        read.OnEnd(Start.AddHours(1));
        read.OnRecord(Start);
        Assert.Equal(Start.AddHours(1), read.Behind);
    }

    [Fact]
    public void A_lane_that_reads_again_is_as_far_as_the_records_that_it_reads()
    {
        var read = new ReadInstant();
        read.OnRecord(Start);
        read.OnEnd(Start.AddHours(1));
        read.OnRewind();
        read.OnRecord(Start.AddMinutes(-5));
        Assert.Equal(Start.AddMinutes(-5), read.Behind);
    }
}
