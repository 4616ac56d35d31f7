using System.Net;
using AkkaFeeds.Definitions.Compilation;
using AkkaFeeds.Definitions.Files;
using AkkaFeeds.Server.Config;
using AkkaFeeds.Server.Health;

namespace AkkaFeeds.Server.Cli;

/// <summary><c>akkafeeds serve FILE</c>.</summary>
/// <param name="addEngine">Registers the engine of a file's feeds.</param>
internal sealed class ServeCommand(Action<IServiceCollection, FeedsOptions, IReadOnlyList<CompiledFeed>> addEngine)
{
    public async Task<int> RunAsync(Invocation invocation, TextWriter output, TextWriter errors)
    {
        var sets = invocation.Sets().ToList();
        AddAddress(sets, "http.urls", "--http", invocation.Value("--http"));
        AddAddress(sets, "admin.urls", "--admin", invocation.Value("--admin"));
        var path = invocation.Arguments[0];
        var file = LoadedFile.Load(path, sets);
        if (file.Options is not { } options)
        {
            throw FileErrors.Report(path, file.Errors, errors);
        }

        RefuseLater(options);
        var edge = Listen(options.Http.Urls, "http.urls");
        edge.ForEach(address => ListenAddress.RequireLoopback("http.urls", address));
        return await RunAsync(file, edge, Listen(options.Admin.Urls, "admin.urls"), output).ConfigureAwait(false);
    }

    private async Task<int> RunAsync(LoadedFile file, List<IPEndPoint> edge, List<IPEndPoint> admin, TextWriter output)
    {
        await using var logger = ProcessLog.Create();
        using var host = FeedServer.Build(
            edge, admin, FeedCards.From(file.Feeds), logger,
            services => addEngine(services, file.Options!, file.Feeds));
        await FeedServer.StartAsync(host, CancellationToken.None).ConfigureAwait(false);
        var urls = FeedServer.Addresses(host);
        logger.Information("Edge listens on {Urls:l}", string.Join(' ', urls.Take(edge.Count)));
        logger.Information("Admin listens on {Urls:l}", string.Join(' ', urls.Skip(edge.Count)));
        var announced = ReadyLine.WriteAsync(host, [.. urls.Take(edge.Count)], output);
        try
        {
            await host.WaitForShutdownAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException exception)
        {
            throw new StartupException(
                "stopping", $"it took longer than {FeedServer.StopWithin.TotalSeconds:0} s and was cut off",
                "what was not yet durable is read from Kafka again at the next start", StartupException.Failed,
                exception);
        }

        await announced.ConfigureAwait(false);
        return host.Services.GetRequiredService<ProcessFailure>().Cause is { } cause ? throw cause : 0;
    }

    /// <summary>An address given as an option becomes a setting, so that the file's own rules check it, too.</summary>
    private static void AddAddress(
        List<KeyValuePair<string, string>> sets, string setting, string option, string? text)
    {
        if (text is not null)
        {
            sets.Add(new(setting, $"http://{ListenAddress.Parse(option, text)}"));
        }
    }

    private static List<IPEndPoint> Listen(IReadOnlyList<string> urls, string setting) =>
        [.. urls.Select(url => ListenAddress.Parse(setting, url))];

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
