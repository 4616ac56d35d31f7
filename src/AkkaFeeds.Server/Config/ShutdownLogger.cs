using Akka.Event;
using Serilog.Events;
using LogLevel = Akka.Event.LogLevel;

namespace AkkaFeeds.Server.Config;

/// <summary>
/// What Akka logs with before its loggers start and after they have stopped. Its own writes to stdout, which belongs
/// to
/// what a verb answers; this one writes to the process's log. Akka makes it by its name in the configuration.
/// </summary>
public sealed class ShutdownLogger : MinimalLogger
{
    /// <inheritdoc/>
    protected override void Log(object message)
    {
        if (message is not Akka.Event.LogEvent akka)
        {
            return;
        }

        var level = akka.LogLevel() switch
        {
            LogLevel.ErrorLevel => LogEventLevel.Error,
            LogLevel.WarningLevel => LogEventLevel.Warning,
            _ => LogEventLevel.Debug,
        };
        var text = akka.Message?.ToString() ?? "";
        Serilog.Log.Logger.Write(level, akka.Cause, "{Source:l}: {Text:l}", akka.LogSource, text);
    }
}
