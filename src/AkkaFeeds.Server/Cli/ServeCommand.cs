using System.Net;
using AkkaFeeds.Definitions.Compilation;
using AkkaFeeds.Definitions.Files;
using AkkaFeeds.Server.Config;
using AkkaFeeds.Server.Edge;
using AkkaFeeds.Server.Health;

namespace AkkaFeeds.Server.Cli;

/// <summary><c>akkafeeds serve FILE</c>.</summary>
/// <param name="addEngine">Registers the engine of a file's feeds.</param>
internal sealed class ServeCommand(Action<IServiceCollection, FeedsOptions, IReadOnlyList<CompiledFeed>> addEngine)
{
    public async Task<int> RunAsync(Invocation invocation, TextWriter output, TextWriter errors)
    {
        var path = invocation.Arguments[0];
        var file = LoadedFile.Load(path, [.. invocation.Sets(), .. AddressOptions.Settings(invocation)]);
        return file.Options is null
            ? throw FileErrors.Report(path, file.Errors, invocation, errors)
            : await ServeAsync(file, _ => { }, output).ConfigureAwait(false);
    }

    /// <summary>Serves a file without errors until the process is told to stop.</summary>
    /// <param name="file">The file.</param>
    /// <param name="addBeside">Registers what runs beside the engine: it starts after it and stops before it.</param>
    /// <param name="output">Takes the line that says where the edge is.</param>
    public Task<int> ServeAsync(LoadedFile file, Action<IServiceCollection> addBeside, TextWriter output)
    {
        var options = file.Options!;
        RefuseLater(options);
        // A node without the role listens to operators only.
        var edge = options.Has("edge") ? Listen(options.Http.Urls, "http.urls") : [];
        edge.ForEach(address => ListenAddress.RequireLoopback("http.urls", address));
        return RunAsync(
            edge, Listen(options.Admin.Urls, "admin.urls"), FeedCards.From(file.Feeds), options,
            services =>
            {
                addEngine(services, options, file.Feeds);
                addBeside(services);
            },
            output);
    }

    private static async Task<int> RunAsync(
        List<IPEndPoint> edge, List<IPEndPoint> admin, IReadOnlyList<FeedCard> cards,
        FeedsOptions options, Action<IServiceCollection> addAll, TextWriter output)
    {
        await using var logger = ProcessLog.Create();
        RuntimeFloor.Warn(logger, RuntimeFloor.Found());
        WarnOfLater(options, logger);
        using var host = FeedServer.Build(edge, admin, cards, options, logger, addAll);
        try
        {
            if (await FeedServer.StartAsync(host).ConfigureAwait(false))
            {
                await UntilStoppedAsync(host, edge.Count, logger, output).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException exception)
        {
            throw new StartupException(
                "stopping", $"it took longer than {FeedServer.StopWithin.TotalSeconds:0} s and was cut off",
                "what was not yet durable is read from Kafka again at the next start", StartupException.Failed,
                exception);
        }

        return host.Services.GetRequiredService<ProcessFailure>().Cause is { } cause ? throw cause : 0;
    }

    private static async Task UntilStoppedAsync(IHost host, int edges, Serilog.ILogger logger, TextWriter output)
    {
        var urls = FeedServer.Addresses(host);
        if (edges > 0)
        {
            logger.Information("Edge listens on {Urls:l}", string.Join(' ', urls.Take(edges)));
        }

        logger.Information("Admin listens on {Urls:l}", string.Join(' ', urls.Skip(edges)));
        var announced = ReadyLine.WriteAsync(host, [.. urls.Take(edges)], output);
        await host.WaitForShutdownAsync().ConfigureAwait(false);
        await announced.ConfigureAwait(false);
    }

    private static List<IPEndPoint> Listen(IReadOnlyList<string> urls, string setting) =>
        [.. urls.Select(url => ListenAddress.Parse(setting, url))];

    private static void WarnOfLater(FeedsOptions options, Serilog.ILogger logger)
    {
        foreach (var feed in options.Feeds.Where(feed => feed.Notify.Count > 0))
        {
            logger.Warning(
                "feeds.{Feed:l}.notify: this release checks notifications and sends none; rely on no {Names:l} yet",
                feed.Name, string.Join(", ", feed.Notify.Select(one => one.Name)));
        }
    }

    private static void RefuseLater(FeedsOptions options)
    {
        if (options.Auth is not null)
        {
            throw new StartupException(
                "auth", "this release cannot check tokens yet, and would serve everybody everything",
                "take the section auth out, listen on loopback, and put an authenticating proxy before it",
                StartupException.BadInput);
        }
    }
}
