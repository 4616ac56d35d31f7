using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace AkkaFeeds.Server.Config;

/// <summary>The log of the process: stderr, because stdout belongs to what a verb answers.</summary>
internal static class Log
{
    public static Logger Create() => new LoggerConfiguration()
        .MinimumLevel.Information()
        .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)

        // A failing host start is the one line that the verb prints; the host's own account of it would be a second.
        .MinimumLevel.Override("Microsoft.Extensions.Hosting", LogEventLevel.Fatal)
        .WriteTo.Console(new LineFormatter(), standardErrorFromLevel: LogEventLevel.Verbose)
        .CreateLogger();
}
