using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Files;
using AkkaFeeds.Server.Config;
using AkkaFeeds.Server.Edge;
using AkkaFeeds.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

/// <summary>The real server on free loopback ports, with a reader of the test behind it.</summary>
public sealed class EdgeProcess : IAsyncLifetime
{
    private static readonly FeedCard Flights = new(
        "flights", "origin", [new("departures", "long"), new("delayRate", "double")], false, ["flights"], "serve",
        2000,
        "ops", "ops@example.org", null);

    private static readonly FeedCard Raw = new("raw", null, [], true, ["a", "b"], "serve", null, null, null, null);

    private readonly LogLines log = new();
    private IHost? host;
    private Uri edge = new("http://127.0.0.1");
    private Uri admin = new("http://127.0.0.1");

    internal FakeReader Reader { get; } = new();

    internal FeedsOptions Options { get; init; } = new();

    internal FeedStatus? Status { get; set; }

    internal HealthReport Health { get; set; } = new(true, true);

    internal HttpClient Client { get; } = new();

    internal IReadOnlyList<string> Log => log.Lines;

    internal FeedMetrics Metrics => host!.Services.GetRequiredService<FeedMetrics>();

    internal IHost Host => host!;

    public async Task InitializeAsync()
    {
        var free = new IPEndPoint(IPAddress.Loopback, 0);
        var logger = new LoggerConfiguration().WriteTo.Sink(log).CreateLogger();
        host = FeedServer.Build([free], [free], [Raw, Flights], Options, logger, services =>
        {
            services.AddSingleton<IFeedReader>(Reader);
            services.AddSingleton<IFeedsHealth>(new HealthOf(this));
            services.AddSingleton<IFeedsStatus>(new StatusOf(this));
        });
        await FeedServer.StartAsync(host);
        var addresses = FeedServer.Addresses(host);
        edge = new Uri(addresses[0]);
        admin = new Uri(addresses[1]);
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await host!.StopAsync();
        host.Dispose();
    }

    internal Task<HttpResponseMessage> GetAsync(string target) => Client.GetAsync(new Uri(edge, target));

    internal Task<HttpResponseMessage> GetAdminAsync(string target) => Client.GetAsync(new Uri(admin, target));

    internal Task<HttpResponseMessage> SendAsync(HttpMethod method, string target,
        Action<HttpRequestMessage>? change = null)
    {
        var request = new HttpRequestMessage(method, new Uri(edge, target));
        change?.Invoke(request);
        return Client.SendAsync(request);
    }

    internal async Task<JsonElement> JsonAsync(string target)
    {
        var response = await GetAsync(target);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    /// <summary>Sends a target that HttpClient would tidy up before sending, byte by byte.</summary>
    internal async Task<(int Status, string Body)> RawAsync(string target)
    {
        var (status, _, body) = await SendRawAsync(
            $"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        return (status, body);
    }

    /// <summary>Sends a request byte by byte, and reads until the server ends the connection.</summary>
    internal async Task<(int Status, string Head, string Body)> SendRawAsync(string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, edge.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = await reader.ReadToEndAsync();
        var body = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return (int.Parse(text.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture), text[..body],
            text[(body + 4)..]);
    }

    internal static async Task<string> ProblemAsync(HttpResponseMessage response, int status, string code)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return Problem(body, status, code);
    }

    internal static string Problem(string body, int status, string code)
    {
        var problem = JsonDocument.Parse(body).RootElement;
        Assert.Equal("/problems/" + code, problem.GetProperty("type").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEqual("", problem.GetProperty("title").GetString());
        return problem.GetProperty("detail").GetString()!;
    }

    private sealed class HealthOf(EdgeProcess process) : IFeedsHealth
    {
        public HealthReport Read() => process.Health;
    }

    private sealed class StatusOf(EdgeProcess process) : IFeedsStatus
    {
        public FeedStatus Of(string feed) => process.Status!;
    }

    private sealed class LogLines : ILogEventSink
    {
        private readonly List<string> lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (lines)
                {
                    return [.. lines];
                }
            }
        }

        public void Emit(LogEvent logEvent)
        {
            using var text = new StringWriter();
            new LineFormatter().Format(logEvent, text);
            lock (lines)
            {
                lines.Add(text.ToString());
            }
        }
    }
}
