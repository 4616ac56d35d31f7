using AkkaFeeds.Server.Config;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Xunit;

namespace AkkaFeeds.Tests.Server.Config;

public sealed class LineFormatterTests
{
    [Theory]
    [InlineData("\r\n2026-01-01T00:00:00.000Z error fake")]
    [InlineData("{0} {Key} {{")]
    [InlineData("\u2028\u0085\u001b[2J\u202e")]
    public void Whatever_a_key_holds_an_event_is_one_line(string key)
    {
        var lines = new Lines();
        using var logger = new LoggerConfiguration().WriteTo.Sink(lines).CreateLogger();

        logger.ForContext(Constants.SourceContextPropertyName, "AkkaFeeds.Slots.SlotActor")
            .Error(new InvalidOperationException(key), "Key {Key} failed", key);

        var line = Assert.Single(lines.All);
        Assert.EndsWith("\n", line, StringComparison.Ordinal);
        Assert.DoesNotContain(line[..^1], character => char.IsControl(character) || character is '\u2028' or '\u202e');
        Assert.Contains(" error SlotActor: Key ", line, StringComparison.Ordinal);
    }

    private sealed class Lines : ILogEventSink
    {
        public List<string> All { get; } = [];

        public void Emit(LogEvent logEvent)
        {
            using var text = new StringWriter();
            new LineFormatter().Format(logEvent, text);
            All.Add(text.ToString());
        }
    }
}
