namespace AkkaFeeds.Definitions.Files;

/// <summary>
/// The rules across the sections of a file. Each speaks only of values that were good by themselves.
/// </summary>
internal static class CrossRules
{
    private static readonly string[] GraphQlEndings = ["-keys", "-rows"];

    public static FeedsOptions Check(FeedsOptions options, MapNode root, ReadScope scope)
    {
        if (scope.Find("kafka.brokers") is null && !scope.IsRefused("kafka.brokers") && !scope.IsRefused("kafka"))
        {
            scope.RefuseMissing(scope.Find("kafka") ?? root, "kafka.brokers", "write 127.0.0.1:9092, or embedded");
        }

        options = Store(options, scope);
        Cluster(options, scope);
        Ports(options, scope);
        Names(options, scope);
        return options;
    }

    private static FeedsOptions Store(FeedsOptions options, ReadScope scope)
    {
        var isGood = scope.IsGood("kafka.brokers");
        if (isGood && options.Kafka is { Embedded: true, Brokers.Count: > 0 })
        {
            scope.Refuse(
                scope.Find("kafka.brokers")!, "kafka.brokers", "embedded stands beside other brokers",
                "keep one of them");
        }

        if (scope.Find("store") is not { } node)
        {
            return options with
            {
                Store = options.Kafka.Embedded
                    ? new StoreOptions { Kind = StoreKind.Temporary, Path = "" }
                    : options.Store with { Path = Path.GetFullPath(options.Store.Path, scope.Folder) },
            };
        }

        if (isGood && scope.IsGood("store") && options.Kafka.Embedded != (options.Store.Kind == StoreKind.Temporary))
        {
            var (problem, suggestion) = options.Kafka.Embedded
                ? ("the embedded Kafka forgets when it stops, this store does not",
                    "write temporary, or name your brokers")
                : ("is deleted at exit, while these brokers go on", "write sqlite:PATH or postgres:CONNECTION STRING");
            scope.Refuse(node, "store", problem, suggestion);
        }

        return options;
    }

    private static void Cluster(FeedsOptions options, ReadScope scope)
    {
        if (options.Cluster is { Seeds.Count: > 1 } && options.Store.Kind != StoreKind.Postgres
            && !scope.IsRefused("store"))
        {
            scope.Refuse(
                scope.Find("cluster.seeds")!, "cluster.seeds",
                "the store of several nodes must be one that they share",
                "write store: postgres:CONNECTION STRING, or keep one seed");
        }
    }

    private static void Ports(FeedsOptions options, ReadScope scope)
    {
        if (scope.Find("http.urls") is { } http && options.Auth is null && scope.Find("auth") is null
            && scope.IsGood("http.urls")
                && options.Http.Urls.FirstOrDefault(url => !Addresses.IsLoopback(url)) is { } open)
        {
            scope.Errors.Add(
                http.Place, "http.urls", open, "listens beyond this machine without auth",
                "listen on 127.0.0.1, behind an authenticating proxy if need be");
        }

        var ports = options.Http.Urls.Select(Addresses.ListenParts).Where(part => part.Port > 0).ToHashSet();
        var clash = options.Admin.Urls.FirstOrDefault(url => ports.Contains(Addresses.ListenParts(url)));
        var place = scope.Find("admin.urls") ?? scope.Find("http.urls");
        if (clash is not null && place is not null && !scope.IsRefused("admin.urls") && !scope.IsRefused("http.urls"))
        {
            scope.Errors.Add(
                place.Place, "admin.urls", clash, "http.urls listens there too", "give each a port of its own");
        }
    }

    // GraphQL gives each feed F the root fields F, F_keys and F_rows, with - as _: no two may meet.
    private static void Names(FeedsOptions options, ReadScope scope)
    {
        var names = options.Feeds.Select(feed => feed.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            var taken = GraphQlEndings
                .Where(end => name.EndsWith(end, StringComparison.Ordinal))
                .Select(end => name[..^end.Length])
                .FirstOrDefault(names.Contains);
            if (taken is not null && scope.Find($"feeds.{name}") is { } node)
            {
                var field = name.Replace('-', '_');
                scope.Errors.Add(
                    node.Place, $"feeds.{name}", name, $"feed {taken} already has {field} in GraphQL",
                    "give it another name");
            }
        }
    }
}
