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
    };

    /// <summary>All verbs, over an engine.</summary>
    /// <param name="addEngine">Registers the engine of a file's feeds; <c>serve</c> alone calls it.</param>
    public static IReadOnlyDictionary<string, App.VerbRun> With(
        Action<IServiceCollection, FeedsOptions, IReadOnlyList<CompiledFeed>> addEngine) =>
        new Dictionary<string, App.VerbRun>(Local) { ["serve"] = new ServeCommand(addEngine).RunAsync };
}
