using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Files;
using AkkaFeeds.Server.Edge;
using AkkaFeeds.Server.Edge.Events;
using AkkaFeeds.Server.Edge.GraphQl;
using AkkaFeeds.Server.Edge.Streams;
using AkkaFeeds.Server.Edge.Surfaces;
using AkkaFeeds.Server.Edge.WebSockets;

namespace AkkaFeeds.Server.Config;

/// <summary>
/// The edge put together. The engine behind it is registered later and starts later, so that it is asked for late.
/// </summary>
internal static class EdgeServices
{
    // Some come to ask once, and some are told to come back; and who has gone must be out of the way before.
    private const double ConnectionsPerStream = 2;

    public static void AddEdge(
        this IServiceCollection services, IReadOnlyList<FeedCard> cards, FeedsOptions options)
    {
        services.AddSingleton<EdgeGate>();
        services.AddSingleton<EdgeHandler>();
        services.AddSingleton<Board.BoardFiles>();
        services.AddSingleton(new FeedChecks(cards));
        services.AddSingleton(new AllowedOrigins(options.Http.Origins));
        services.AddSingleton(provider => new Lazy<ClientGateway>(provider.GetRequiredService<ClientGateway>));
        services.AddSingleton(provider => new Lazy<IFeedReader>(provider.GetRequiredService<IFeedReader>));
        services.AddSingleton(provider => new Lazy<IFeedsStatus>(provider.GetRequiredService<IFeedsStatus>));
        services.AddSingleton(provider => new ConnectionAdmission(
            provider.GetRequiredService<TimeProvider>(), options.Limits.ConnectionRate));
        services.AddSingleton(provider => new ConnectionPace(
            provider.GetRequiredService<TimeProvider>(), ConnectionsPerStream * options.Limits.ConnectionRate,
            provider.GetRequiredService<ConnectionAdmission>().HasLine));
        services.AddSingleton(provider => new StreamEnds(
            provider.GetRequiredService<TimeProvider>(), ConnectionsPerStream * options.Limits.ConnectionRate,
            provider.GetRequiredService<EdgeGate>()));
        services.AddSingleton(provider => new DeadPeers(
            provider.GetRequiredService<TimeProvider>(), options.Http.DeadPeer));
        services.AddSingleton(new AddressLimit(options.Limits.ConnectionsPerAddress));
        services.AddSingleton<StreamGuard>();
        services.AddSingleton<WebSocketEndpoint>();
        services.AddSingleton<EventsEndpoint>();
        services.AddSingleton(provider => new LongPolls(
            options.Limits.LongPolls, provider.GetRequiredService<Telemetry.FeedMetrics>().Clients));
        services.AddSingleton<FeedEndpoints>();
        services.AddSingleton<StatusEndpoint>();
        services.AddSingleton(options.GraphQl);
        services.AddSingleton(options.Http);
        services.AddSingleton<FeedQueries>();
        services.AddSingleton<FeedExecuter>();
        services.AddSingleton<GraphQlEndpoint>();
        services.AddSingleton<SurfaceFiles>();
    }
}
