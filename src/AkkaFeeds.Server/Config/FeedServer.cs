using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Files;
using AkkaFeeds.Server.Admin;
using AkkaFeeds.Server.Edge;
using AkkaFeeds.Server.Edge.Streams;
using AkkaFeeds.Server.Edge.WebSockets;
using AkkaFeeds.Server.Health;
using AkkaFeeds.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Serilog;

namespace AkkaFeeds.Server.Config;

/// <summary>The process put together: two ports, then the engine behind them.</summary>
internal static class FeedServer
{
    /// <summary>How long stopping may take: the last checkpoint and commit are well under it, and orchestrators kill
    /// after 30 s.</summary>
    public static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(20);

    /// <summary>Builds the host; it does not start it.</summary>
    /// <param name="edge">Where clients come.</param>
    /// <param name="admin">Where operators come.</param>
    /// <param name="cards">The feeds.</param>
    /// <param name="options">The file: what the edge lets in, and its limits.</param>
    /// <param name="logger">The log.</param>
    /// <param name="addEngine">
    /// Registers IFeedReader, IFeedsHealth, IFeedsOperator and the engine's hosted service. It comes after the ports,
    /// and so starts after them: a second process on the same file is refused by its port before its slots fence those
    /// of the first.
    /// </param>
    public static IHost Build(
        IReadOnlyList<IPEndPoint> edge, IReadOnlyList<IPEndPoint> admin, IReadOnlyList<FeedCard> cards,
        FeedsOptions options, Serilog.ILogger logger, Action<IServiceCollection> addEngine)
    {
        return new HostBuilder()
            .ConfigureServices(services =>
            {
                services.AddSerilog(logger);
                services.Configure<HostOptions>(host => host.ShutdownTimeout = StopWithin);
                services.AddSingleton(TimeProvider.System);
                services.AddSingleton<ProcessFailure>();
                services.AddSingleton(provider => new FeedMetrics(
                    cards.Select(card => card.Name), provider.GetRequiredService<TimeProvider>(),
                    feed => cards.First(card => card.Name == feed).SloMilliseconds));
                services.AddEdge(cards, options);
                services.AddSingleton(provider => new AdminEndpoints(
                    new Lazy<IFeedsHealth>(provider.GetRequiredService<IFeedsHealth>),
                    provider.GetRequiredService<FeedMetrics>(), provider.GetRequiredService<EdgeGate>()));
                services.AddSingleton(provider =>
                    new Lazy<IFeedsOperator>(provider.GetRequiredService<IFeedsOperator>));
                services.AddSingleton<OperatorEndpoints>();
            })
            .ConfigureWebHost(
                web => web
                    .UseKestrelCore()
                    .ConfigureKestrel(kestrel => EdgeListening.Listen(
                        kestrel, edge, admin, options,
                        kestrel.ApplicationServices.GetRequiredService<ConnectionPace>()))
                    .UseSockets(SendBeforeWritesReturn)
                    .Configure(app =>
                    {
                        new RejectedRequests(app.ApplicationServices.GetRequiredService<TimeProvider>())
                            .Observe(app.ApplicationServices.GetRequiredService<DiagnosticListener>());
                        app.Use(WebSocketEndpoint.Prepare);
                        app.UseWebSockets();
                        app.Run(app.ApplicationServices.GetRequiredService<EdgeHandler>().HandleAsync);
                    }),
                web => web.SuppressEnvironmentConfiguration = true)
            .ConfigureServices(services =>
            {
                addEngine(services);
                services.AddHostedService<FailureWatcher>();
                services.AddHostedService(
                    provider => BackgroundCollections.OfProcess(provider.GetRequiredService<TimeProvider>()));
            })
            .Build();
    }

    /// <summary>Starts the host; what is in the way of its ports becomes one line.</summary>
    /// <returns>Whether it runs; false where it was told to stop before it did, and has stopped in order.</returns>
    public static async Task<bool> StartAsync(IHost host)
    {
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await host.StartAsync(CancellationToken.None).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await host.StopAsync(CancellationToken.None).ConfigureAwait(false);
            return false;
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            throw new StartupException(
                "listening", $"a port is in use ({exception.Message})",
                "end the process that holds it, or give another with --http or --admin", StartupException.Failed,
                exception);
        }
        catch (SocketException exception)
        {
            throw new StartupException(
                "listening", $"the system refuses an address ({exception.Message})",
                "give addresses of this machine and ports that you may open, with --http and --admin",
                StartupException.Failed, exception);
        }
    }

    /// <summary>The addresses in the order given, edge first, with the ports that the system chose.</summary>
    public static IReadOnlyList<string> Addresses(IHost host) =>
        [.. host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>()
            .Addresses];

    // An answer is in the system's hands when its write returns. Behind the answer to an upgrade, frames go to the
    // socket past the server's pipe, and must not overtake it (Edge/WebSockets/FrameStream).
    private static void SendBeforeWritesReturn(SocketTransportOptions options) => options.MaxWriteBufferSize = 2;
}
