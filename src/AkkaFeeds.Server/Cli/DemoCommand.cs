using AkkaFeeds.Definitions.Files;
using AkkaFeeds.Server.Demo;

namespace AkkaFeeds.Server.Cli;

/// <summary><c>akkafeeds demo</c>: a serve of the built-in file, and a replay of flights into its topic.</summary>
/// <param name="serve">Serves the file.</param>
/// <param name="brokers">Tells where the engine's Kafka is, once it has started.</param>
internal sealed class DemoCommand(ServeCommand serve, Func<IServiceProvider, string> brokers)
{
    /// <summary>More than a day of flights, so that the board is full of airports at once.</summary>
    private const int Backlog = 20_000;

    public async Task<int> RunAsync(Invocation invocation, TextWriter output, TextWriter errors)
    {
        var demo = DemoOptions.Of(invocation);
        List<KeyValuePair<string, string>> sets = [.. demo.Sets(), .. AddressOptions.Settings(invocation)];
        var file = DemoFile.Load(sets);
        if (file.Options is not { } options)
        {
            throw FileErrors.Report(DemoFile.Name, file.Errors, invocation, errors);
        }

        var topic = options.Feeds[0].Topics[0];
        if (!options.Kafka.Embedded)
        {
            await DemoTopic.EnsureAsync(options.Kafka, topic, TimeProvider.System).ConfigureAwait(false);
        }

        var target = new ReplayTarget(topic, options.Kafka.Properties, demo.Rate, BacklogOf(options.Store));
        return await serve.ServeAsync(file, services => AddReplay(services, target), output).ConfigureAwait(false);
    }

    /// <summary>A store that was kept shows its airports already.</summary>
    private static int BacklogOf(StoreOptions store) =>
        store.Kind == StoreKind.Sqlite && File.Exists(store.Path) ? 0 : Backlog;

    private void AddReplay(IServiceCollection services, ReplayTarget target) =>
        services.AddHostedService(provider => new FlightReplay(
            target, () => brokers(provider), provider.GetRequiredService<ProcessFailure>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<FlightReplay>>()));
}
