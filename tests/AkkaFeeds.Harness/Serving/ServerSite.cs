namespace AkkaFeeds.Harness;

/// <summary>A folder for one server: its file, its store, its ports, over all the lives of the process.</summary>
public sealed class ServerSite : IDisposable
{
    private readonly TemporaryFolder folder = new();

    /// <summary>Makes the folder and writes the file.</summary>
    /// <param name="brokers">host:port of Kafka.</param>
    /// <param name="group">Kafka's consumer group.</param>
    /// <param name="feeds">What stands under <c>feeds:</c>, indented by two.</param>
    public ServerSite(string brokers, string group, string feeds)
    {
        var ports = Ports.Free(2);
        Http = new($"http://127.0.0.1:{ports[0]}/");
        Admin = new($"http://127.0.0.1:{ports[1]}/");
        System.IO.File.WriteAllText(File, $"""
            kafka:
              brokers: {brokers}
              group: {group}
            store: sqlite:store/akkafeeds.db
            http:
              urls: http://127.0.0.1:{ports[0]}
            admin:
              urls: http://127.0.0.1:{ports[1]}
            checkpoint:
              every: 1s
            feeds:
            {feeds}
            """);
        Directory.CreateDirectory(Store);
    }

    /// <summary>The file that <c>serve</c> takes.</summary>
    public string File => folder.File("akkafeeds.yaml");

    /// <summary>The folder of the store; put aside, put back and deleted as a whole.</summary>
    public string Store => folder.File("store");

    /// <summary>Where a copy of the store is kept.</summary>
    public string StoreCopy => folder.File("store-copy");

    /// <summary>The edge.</summary>
    public Uri Http { get; }

    /// <summary>The admin port.</summary>
    public Uri Admin { get; }

    /// <summary>Changes a text of the file, which must stand in it.</summary>
    public void Edit(string text, string replacement)
    {
        var before = System.IO.File.ReadAllText(File);
        if (!before.Contains(text, StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{text}' does not stand in the file", nameof(text));
        }

        System.IO.File.WriteAllText(File, before.Replace(text, replacement, StringComparison.Ordinal));
    }

    /// <summary>Puts the store into a database of PostgreSQL instead of the folder.</summary>
    public void UsePostgres(string connection) =>
        Edit("store: sqlite:store/akkafeeds.db", $"store: postgres:{connection}");

    /// <summary>Copies the store aside; the server is down.</summary>
    public void CopyStore() => TemporaryFolder.Copy(Store, StoreCopy);

    /// <summary>Puts the copy in the place of the store; the server is down.</summary>
    public void RestoreStore()
    {
        Directory.Delete(Store, recursive: true);
        TemporaryFolder.Copy(StoreCopy, Store);
    }

    /// <summary>Deletes all of the store; the server is down.</summary>
    public void DeleteStore()
    {
        Directory.Delete(Store, recursive: true);
        Directory.CreateDirectory(Store);
    }

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();
}
