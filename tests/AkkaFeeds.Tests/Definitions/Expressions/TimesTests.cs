using System.Globalization;
using AkkaFeeds.Definitions.Expressions;
using CsCheck;
using Xunit;

namespace AkkaFeeds.Tests.Definitions.Expressions;

public class TimesTests
{
    [Fact]
    public void Every_instant_reads_back_from_its_text() => Gen.Long[Times.Least, Times.Greatest].Sample(time =>
    {
        var text = Times.Format(time);
        Assert.True(Times.TryParse(text, out var read));
        Assert.Equal(time, read);
        Assert.Equal(time, DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds());
    });

    [Fact]
    public void Bytes_are_read_as_their_text_is() =>
        Gen.String[Gen.Char["0123456789.+-TtZz: é"], 0, 40].Select(Gen.Long[Times.Least, Times.Greatest], Gen.Bool)
            .Sample((noise, time, isTime) =>
    {
        var text = isTime ? Times.Format(time) : noise;
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        Assert.Equal(Times.TryParse(text, out var ofText), Times.TryParse(bytes, out var ofBytes));
        Assert.Equal(ofText, ofBytes);
    });

    [Theory]
    [InlineData("2001-01-01T00:00:00")]
    [InlineData("2001-01-01")]
    [InlineData("2001-1-01T00:00:00Z")]
    [InlineData("2001-02-29T00:00:00Z")]
    [InlineData("2001-01-01T24:00:00Z")]
    [InlineData("2001-01-01T00:00:00.Z")]
    [InlineData("2001-01-01T00:00:00+2:00")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("2001-01-01T00:00:00Zx")]
    public void What_is_not_RFC_3339_is_refused(string text) => Assert.False(Times.TryParse(text, out _));

    [Theory]
    [InlineData("1h30m", 5400000)]
    [InlineData("-1.5s", -1500)]
    [InlineData("2d", 172800000)]
    [InlineData("1ms999us", 1)]
    public void Durations_are_read_by_their_units(string text, long expected)
    {
        Assert.True(Times.TryParseDuration(text, out var milliseconds));
        Assert.Equal(expected, milliseconds);
    }

    [Fact]
    public void No_text_makes_a_duration_or_a_time_throw() =>
        Gen.String[Gen.Char["0123456789.-+hmsdTZ:"], 0, 30].Sample(text =>
    {
        Assert.True(!Times.TryParseDuration(text, out var span) || text.Length > 1, $"{span}");
        Assert.True(!Times.TryParse(text, out var time) || Times.IsInRange(time));
    });
}
