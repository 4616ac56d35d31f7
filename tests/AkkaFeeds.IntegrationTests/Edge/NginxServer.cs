using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>
/// A real nginx before the edge, with what it does by itself: no line of its configuration speaks of streams.
/// </summary>
internal sealed class NginxServer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/nginx";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TemporaryFolder folder = new();
    private readonly ChildProcess process;

    private NginxServer(Uri edge)
    {
        Http = new Uri($"http://127.0.0.1:{Ports.Free(1)[0]}/");
        File.WriteAllText(folder.File("nginx.conf"), $$"""
            daemon off;
            worker_processes 1;
            pid {{folder.File("nginx.pid")}};
            error_log {{folder.File("error.log")}};
            events { }
            http {
              access_log off;
              client_body_temp_path {{folder.File("body")}};
              proxy_temp_path {{folder.File("proxy")}};
              fastcgi_temp_path {{folder.File("fastcgi")}};
              uwsgi_temp_path {{folder.File("uwsgi")}};
              scgi_temp_path {{folder.File("scgi")}};
              server {
                listen {{Http.Authority}};
                location / { proxy_pass http://{{edge.Authority}}; }
              }
            }
            """);
        process = ChildProcess.Start(Program, ["-c", folder.File("nginx.conf"), "-p", folder.FullName]);
    }

    /// <summary>Whether this machine has one.</summary>
    public static bool IsInstalled => File.Exists(Program);

    /// <summary>Where it listens.</summary>
    public Uri Http { get; }

    /// <summary>Starts it and waits until it passes requests on.</summary>
    public static async Task<NginxServer> StartAsync(Uri edge)
    {
        var nginx = new NginxServer(edge);
        using var client = new ServerClient(nginx.Http, nginx.Http);
        await Waiting.ForAsync(
            async () => await client.TryKeyAsync(SmallFeed.Name, "K000"), "nginx answers", Patience,
            TimeSpan.FromMilliseconds(20), () => nginx.process.Tail);
        return nginx;
    }

    public async ValueTask DisposeAsync()
    {
        await process.StopAsync(Patience);
        await process.DisposeAsync();
        folder.Dispose();
    }
}
