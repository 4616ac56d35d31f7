using AkkaFeeds.Definitions;
using AkkaFeeds.Definitions.Compilation;

namespace AkkaFeeds.Load;

/// <summary>
/// One feed, for a file that a server reads and for the engine's own parts in this process: so both fold the same.
/// </summary>
internal sealed record FeedText(string Name, string Topic, string Key, string? Time)
{
    public const int Slots = 16;

    /// <summary>The view of all the benchmarks: five aggregates.</summary>
    private static readonly (string Name, string Expression)[] View =
    [
        ("departures", "count()"),
        ("delayed", "count(delay > 15)"),
        ("meanDelay", "avg(delay)"),
        ("worst", "max(delay)"),
        ("totalDistance", "sum(distance)"),
    ];

    /// <summary>What stands under <c>feeds:</c>.</summary>
    public string Yaml()
    {
        string[] lines =
        [
            $"  {Name}:",
            $"    from: {{ topic: {Topic}, format: json }}",
            $"    key: {Key}",
            .. Time is null ? (string[])[] : [$"    time: {Time}"],
            $"    slots: {Slots}",
            "    view:",
            .. View.Select(field => $"      {field.Name}: {field.Expression}"),
        ];
        return string.Join('\n', lines);
    }

    /// <summary>The same, compiled.</summary>
    public CompiledFeed Compile()
    {
        var definition = new FeedDefinition
        {
            Name = Name,
            Topics = [Topic],
            Key = Text("key", Key),
            Time = Time is null ? null : Text("time", Time),
            Slots = Slots,
            View = [.. View.Select(
                field => KeyValuePair.Create(field.Name, Text($"view.{field.Name}", field.Expression)))],
        };
        var errors = new List<DefinitionError>();
        return CompiledFeed.Compile(definition, "benchmark", new CompileLimits(), errors)
            ?? throw new InvalidOperationException(string.Join('\n', errors));
    }

    private SourceText Text(string field, string text) => new(text, $"feeds.{Name}.{field}", 0, 0);
}
