using AkkaFeeds.Server.Config;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Xunit;

namespace AkkaFeeds.Tests.Server.Config;

/// <summary>Which shared framework is too old, and that it is said once.</summary>
public sealed class RuntimeFloorTests
{
    [Theory]
    [InlineData("10.0.12", true)]
    [InlineData("10.0.2", true)]
    [InlineData("9.0.99", true)]
    [InlineData("10.0.13-preview.1", true)]
    [InlineData("", true)]
    [InlineData("none", true)]
    [InlineData("10.0.13", false)]
    [InlineData("10.0.100", false)]
    [InlineData("10.1.0", false)]
    [InlineData("11.0.0-rc.1", false)]
    public void A_version_is_below_the_floor_or_is_not(string version, bool isBelow)
    {
        Assert.Equal(isBelow, RuntimeFloor.IsBelow(version));
        var said = new Lines();
        using var logger = new LoggerConfiguration().WriteTo.Sink(said).CreateLogger();

        RuntimeFloor.Warn(logger, version);

        Assert.Equal(isBelow ? 1 : 0, said.All.Count);
        Assert.All(said.All, line => Assert.Equal(LogEventLevel.Warning, line.Level));
        Assert.All(said.All, line => Assert.Contains(
            $"ASP.NET Core {version} is older than 10.0.13, which closes CVE-",
            line.RenderMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_installed_is_a_version() =>
        Assert.True(Version.TryParse(RuntimeFloor.Found().Split('-')[0], out _));

    private sealed class Lines : ILogEventSink
    {
        public List<LogEvent> All { get; } = [];

        public void Emit(LogEvent logEvent) => All.Add(logEvent);
    }
}
