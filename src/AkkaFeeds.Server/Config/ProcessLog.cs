using Akka.Hosting;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace AkkaFeeds.Server.Config;

/// <summary>The log of the process: stderr, because stdout belongs to what a verb answers.</summary>
internal static class ProcessLog
{
    public static Logger Create()
    {
        var logger = Configure();

        // Akka's adapter finds its logger here; it is made by Akka, which knows no container.
        Serilog.Log.Logger = logger;
        return logger;
    }

    /// <summary>Sends what actors log to the process's log.</summary>
    public static void IntoSerilog(AkkaConfigurationBuilder akka) => akka.AddHocon(
        """
        akka.loggers = ["Akka.Logger.Serilog.SerilogLogger, Akka.Logger.Serilog"]
        akka.stdout-logger-class = "AkkaFeeds.Server.Config.ShutdownLogger, akkafeeds"
        akka.logger-formatter = "Akka.Logger.Serilog.SerilogLogMessageFormatter, Akka.Logger.Serilog"
        """,
        HoconAddMode.Prepend);

    private static Logger Configure() => new LoggerConfiguration()
        .MinimumLevel.Information()
        .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
        .MinimumLevel.Override("Akka", LogEventLevel.Warning)

        // Of a request it writes nothing at our level; while anybody listens it makes an activity for each.
        .MinimumLevel.Override("Microsoft.AspNetCore.Hosting.Diagnostics", LevelAlias.Off)

        // A failing host start is the one line that the verb prints; the host's own account of it would be a second.
        .MinimumLevel.Override("Microsoft.Extensions.Hosting", LogEventLevel.Fatal)
        .WriteTo.Console(new LineFormatter(), standardErrorFromLevel: LogEventLevel.Verbose)
        .CreateLogger();
}
