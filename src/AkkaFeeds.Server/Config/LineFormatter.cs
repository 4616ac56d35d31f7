using System.Globalization;
using AkkaFeeds.Server.Edge;
using Serilog.Events;
using Serilog.Formatting;

namespace AkkaFeeds.Server.Config;

/// <summary>
/// One line an event, whatever is in it: a key or an exception with line breaks cannot write a second line, which a
/// reader would take for an event of its own.
/// </summary>
internal sealed class LineFormatter : ITextFormatter
{
    /// <summary>What Akka gives as the source of a line that has none.</summary>
    private const string NoSource = "Akka.Event.Dummy";

    public void Format(LogEvent logEvent, TextWriter output)
    {
        var instant = logEvent.Timestamp.ToUniversalTime();
        output.Write(instant.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        output.Write(' ');
        output.Write(LevelWord(logEvent.Level));
        if (logEvent.Properties.TryGetValue("SourceContext", out var source)
            && source is ScalarValue { Value: string name } && !name.StartsWith(NoSource, StringComparison.Ordinal))
        {
            output.Write(' ');
            output.Write(name[(name.LastIndexOf('.') + 1)..]);
            output.Write(':');
        }

        output.Write(' ');
        output.Write(ShownText.Escape(logEvent.RenderMessage(CultureInfo.InvariantCulture)));
        if (logEvent.Exception is { } exception)
        {
            output.Write(" | ");
            output.Write(ShownText.Escape(exception.ToString()));
        }

        output.Write('\n');
    }

    private static string LevelWord(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose or LogEventLevel.Debug => "debug",
        LogEventLevel.Information => "info",
        LogEventLevel.Warning => "warn",
        LogEventLevel.Error => "error",
        _ => "fatal",
    };
}
