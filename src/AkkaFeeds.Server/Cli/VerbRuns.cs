using AkkaFeeds.Definitions.Compilation;
using AkkaFeeds.Definitions.Files;

namespace AkkaFeeds.Server.Cli;

/// <summary>What runs for each verb.</summary>
internal static class VerbRuns
{
    /// <summary>The verbs that need no engine.</summary>
    public static IReadOnlyDictionary<string, App.VerbRun> Local { get; } = new Dictionary<string, App.VerbRun>
    {
        ["check"] = CheckCommand.RunAsync,
        ["test"] = TestCommand.RunAsync,
        ["feed"] = FeedCommand.RunAsync,
    };

    /// <summary>All verbs, over an engine.</summary>
    /// <param name="addEngine">Registers the engine of a file's feeds; <c>serve</c> and <c>demo</c> call it.</param>
    /// <param name="brokers">Tells where the engine's Kafka is, once it has started; <c>demo</c> asks.</param>
    public static IReadOnlyDictionary<string, App.VerbRun> With(
        Action<IServiceCollection, FeedsOptions, IReadOnlyList<CompiledFeed>> addEngine,
        Func<IServiceProvider, string> brokers)
    {
        var serve = new ServeCommand(addEngine);
        return new Dictionary<string, App.VerbRun>(Local)
        {
            ["serve"] = serve.RunAsync,
            ["demo"] = new DemoCommand(serve, brokers).RunAsync,
        };
    }
}
