using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AkkaFeeds.Contracts;
using AkkaFeeds.Server.Cli;
using AkkaFeeds.Server.Demo;
using AkkaFeeds.Tests.Server.Edge;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace AkkaFeeds.Tests.Server.Cli;

public sealed class VerbTests : IDisposable
{
    private const string Good = """
        kafka: { brokers: 127.0.0.1:9 }
        store: sqlite:feeds.db
        feeds:
          flights:
            from: { topic: flights }
            key: origin
            view:
              departures: count()
              delayRate: sum(delay) / departures
            freshness: { slo: 2s, owner: ops }

        """;

    private readonly TemporaryFolder folder = new();
    private readonly StringWriter output = new();
    private readonly StringWriter errors = new();

    public void Dispose()
    {
        folder.Dispose();
        output.Dispose();
        errors.Dispose();
    }

    [Fact]
    public async Task Check_says_what_a_good_file_serves()
    {
        Assert.Equal(0, await RunAsync("check", folder.Write("good.yaml", Good)));

        Assert.Contains("good.yaml: no error", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("flights: topics flights; key origin; 16 slots; view departures long, delayRate double",
            output.ToString(), StringComparison.Ordinal);
        Assert.Equal("", errors.ToString());
    }

    [Fact]
    public async Task Check_as_json_is_one_document()
    {
        Assert.Equal(0, await RunAsync("check", "--json", folder.Write("good.yaml", Good)));

        var json = JsonDocument.Parse(output.ToString()).RootElement;
        Assert.True(json.GetProperty("ok").GetBoolean());
        var feed = Assert.Single(json.GetProperty("feeds").EnumerateArray());
        Assert.Equal("flights", feed.GetProperty("name").GetString());
        Assert.Equal(2, feed.GetProperty("fields").GetArrayLength());
    }

    [Fact]
    public async Task A_bad_file_is_all_its_errors_with_their_places_and_exit_code_2()
    {
        var path = folder.Write("bad.yaml", Good.Replace("count()", "cuont()", StringComparison.Ordinal));

        Assert.Equal(2, await RunAsync("check", path));

        var lines = errors.ToString().TrimEnd().Split(Environment.NewLine);
        Assert.StartsWith($"{path}:8:19: feeds.flights.view.departures: cuont()", lines[0], StringComparison.Ordinal);
        Assert.Equal($"akkafeeds: {path}: 1 error; correct what the lines above name", lines[^1]);
        Assert.Equal("", output.ToString());
    }

    [Fact]
    public async Task A_wrong_expression_given_by_set_is_not_blamed_on_the_file()
    {
        var path = folder.Write("good.yaml", Good);

        Assert.Equal(2, await RunAsync("check", path, "--set", "feeds.flights.view.departures=cuont()"));

        var lines = errors.ToString().TrimEnd().Split(Environment.NewLine);
        Assert.StartsWith("--set: feeds.flights.view.departures: cuont(): ", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_file_as_json_holds_its_errors()
    {
        var path = folder.Write("bad.yaml", Good.Replace("key: origin", "kye: origin", StringComparison.Ordinal));

        Assert.Equal(2, await RunAsync("check", path, "--json"));

        var json = JsonDocument.Parse(output.ToString()).RootElement;
        Assert.False(json.GetProperty("ok").GetBoolean());
        var places = json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("line").GetInt32());
        Assert.Contains(6, places);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("serve")]
    [InlineData("test")]
    public async Task A_file_that_is_not_there_is_bad_input(string verb)
    {
        Assert.Equal(2, await RunAsync(verb, folder.At("nowhere.yaml")));

        Assert.Contains("nowhere.yaml", errors.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("akkafeeds: ", errors.ToString().TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--sample", "0")]
    [InlineData("--sample", "-1")]
    [InlineData("--sample", "many")]
    [InlineData("--sample", "1000001")]
    [InlineData("--explain", "flights")]
    [InlineData("--explain", "flights/0")]
    [InlineData("--explain", "flights/x:1")]
    [InlineData("--explain", "flights/0:-1")]
    [InlineData("--explain", "other/0:1")]
    [InlineData("--set", "nonsense")]
    [InlineData("--set", "no.such=1")]
    [InlineData("--set", "checkpoint.every=soon")]
    [InlineData("--http", "127.0.0.1:0")]
    public async Task A_wrong_option_of_check_is_named_with_exit_code_2(string option, string value)
    {
        Assert.Equal(2, await RunAsync("check", folder.Write("good.yaml", Good), option, value));

        var named = option == "--explain" && value[0] == 'o' ? "other" : option;
        Assert.Contains(named, errors.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--http", "8080")]
    [InlineData("--http", "0.0.0.0:0")]
    [InlineData("--admin", "nowhere")]
    [InlineData("--set", "http.urls=http://0.0.0.0:0")]
    [InlineData("--set", "slots=4")]
    [InlineData("--json", "")]
    public async Task A_wrong_option_of_serve_is_refused_before_anything_starts(string option, string value)
    {
        Assert.Equal(2, await RunAsync("serve", folder.Write("good.yaml", Good), option, value));

        Assert.Contains("akkafeeds: ", errors.ToString(), StringComparison.Ordinal);
        Assert.Equal("", output.ToString());
    }

    [Theory]
    [InlineData("--rate", "--rate", "0")]
    [InlineData("--rate", "--rate", "50001")]
    [InlineData("--rate", "--rate", "many")]
    [InlineData("--rate", "--rate", "1.5")]
    [InlineData("--http", "--http", "8080")]
    [InlineData("http.urls", "--http", "0.0.0.0:0")]
    [InlineData("--admin", "--admin", "nowhere")]
    [InlineData("--data", "--data", "folder")]
    [InlineData("--broker", "--broker", "127.0.0.1:9092")]
    [InlineData("--broker", "--broker", "127.0.0.1", "--data", "folder")]
    [InlineData("--broker", "--broker", "embedded", "--data", "folder")]
    [InlineData("--broker", "--broker", "127.0.0.1:0", "--data", "folder")]
    [InlineData("--data", "--broker", "127.0.0.1:1", "--data", "")]
    [InlineData("--set", "--set", "http.urls=http://127.0.0.1:0")]
    [InlineData("feeds.yaml", "feeds.yaml")]
    public async Task A_wrong_word_of_demo_is_one_error_and_starts_nothing(string named, params string[] words)
    {
        Assert.Equal(2, await RunAsync(["demo", .. words]));

        Assert.Contains(named, errors.ToString(), StringComparison.Ordinal);
        var error = Assert.Single(
            errors.ToString().TrimEnd().Split('\n'), line => line.StartsWith("akkafeeds: ", StringComparison.Ordinal));
        Assert.Matches("^akkafeeds: [^:]+: .+; .+$", error.TrimEnd());
        Assert.Equal("", output.ToString());
    }

    [Fact]
    public async Task A_file_in_the_place_of_the_demo_s_folder_is_named()
    {
        var file = folder.Write("taken", "");

        Assert.Equal(2, await RunAsync("demo", "--broker", "127.0.0.1:1", "--data", file));

        Assert.Contains($"--data: '{file}' is a file", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_of_demo_ends_with_the_file_that_it_serves()
    {
        Assert.Equal(0, await RunAsync("help", "demo"));

        Assert.EndsWith(DemoFile.Text(), output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Auth_is_refused_rather_than_ignored()
    {
        var keys = folder.Write("keys.json", "{}");
        var path = folder.Write("auth.yaml", Good + $"auth: {{ issuer: i, audience: a, keys: {keys} }}\n");

        Assert.Equal(2, await RunAsync("serve", path));

        Assert.Contains("akkafeeds: auth: ", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_says_where_it_is_on_stdout_once_it_is_ready_and_ends_with_0()
    {
        var lifetime = new TaskCompletionSource<IHostApplicationLifetime>();
        using var firstLine = new FirstLine();
        var app = new App(firstLine, errors, VerbRuns.With(
            (services, _, _) =>
            {
                services.AddSingleton<IFeedReader>(new FakeReader());
                services.AddSingleton<IFeedsHealth, Ready>();
                services.AddSingleton<IHostedService>(provider =>
                    new Announce(lifetime, provider.GetRequiredService<IHostApplicationLifetime>()));
            },
            _ => ""));
        var running = app.RunAsync(
            ["serve", folder.Write("good.yaml", Good), "--http", "127.0.0.1:0", "--admin", "127.0.0.1:0"]);
        var stop = await lifetime.Task;
        var url = await firstLine.Line;
        using var client = new HttpClient();

        var feeds = await client.GetStringAsync(new Uri(url + "/v1/feeds"));
        stop.StopApplication();

        Assert.Matches("^http://127\\.0\\.0\\.1:[0-9]+$", url);
        Assert.Contains("\"name\":\"flights\",\"key\":\"origin\"", feeds, StringComparison.Ordinal);
        Assert.Equal(0, await running);
    }

    [Fact]
    public async Task A_port_in_use_is_one_line_and_exit_code_1()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();

        var taken = holder.LocalEndpoint.ToString()!;
        Assert.Equal(1, await RunAsync(
            "serve", folder.Write("good.yaml", Good), "--http", taken, "--admin", "127.0.0.1:0"));

        Assert.StartsWith("akkafeeds: listening: ", errors.ToString(), StringComparison.Ordinal);
        Assert.Single(errors.ToString().TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Vectors_that_pass_end_with_0_and_one_that_fails_with_1()
    {
        const string vector = """
            {"vectors":[{"name":"one","feed":{"key":"k","view":{"n":"count()"}},
            "records":[{"value":{"k":"A"}}],"views":{"A":{"n":EXPECTED}}}]}
            """;
        var good = folder.Write("good.json", vector.Replace("EXPECTED", "1", StringComparison.Ordinal));
        var bad = folder.Write("bad.json", vector.Replace("EXPECTED", "2", StringComparison.Ordinal));

        Assert.Equal(0, await RunAsync("test", good));
        Assert.Equal(1, await RunAsync("test", good, bad, "--json"));

        var lines = output.ToString().Split('\n');
        Assert.Equal("passed one", lines[0]);
        var json = JsonDocument.Parse(lines[2]).RootElement;
        Assert.False(json.GetProperty("ok").GetBoolean());
        Assert.Equal(2, json.GetProperty("files").GetArrayLength());
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"vectors":[]}""")]
    public async Task A_file_that_holds_no_vectors_is_bad_input(string text)
    {
        Assert.Equal(2, await RunAsync("test", folder.Write("no.json", text)));

        Assert.StartsWith("akkafeeds: ", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_vectors_that_cannot_be_read_is_told_in_the_users_words()
    {
        var broken = folder.Write("broken.json", "{\n  \"vectors\": [,]}");
        Assert.Equal(2, await RunAsync("test", broken));
        Assert.Equal(2, await RunAsync("test", folder.At(".")));
        Assert.Equal(2, await RunAsync("test", broken + ".not"));

        var lines = errors.ToString().TrimEnd().Split('\n');
        Assert.Contains("not JSON: line 2, byte 15;", lines[0], StringComparison.Ordinal);
        Assert.Contains("is a directory;", lines[1], StringComparison.Ordinal);
        Assert.Contains("does not exist;", lines[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("200 OK", "{}")]
    [InlineData("200 OK", "{\"lost\":1}")]
    [InlineData("200 OK", "<html>")]
    [InlineData("404 Not Found", "[]")]
    [InlineData("404 Not Found", "{\"type\":1}")]
    [InlineData("500 Internal Server Error", "\"no\"")]
    [InlineData("503 Service Unavailable", "null")]
    public async Task Something_else_that_answers_for_the_admin_port_is_called_that(string status, string body)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answered = AnswerAsync();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Assert.Equal(3, await RunAsync("feed", "resume", "flights", "--admin", $"http://127.0.0.1:{port}"));

        await answered;
        Assert.Equal(
            $"akkafeeds: node 127.0.0.1:{port}: what answers there is no admin port of akkafeeds; "
            + $"give the admin port with --admin or AKKAFEEDS_ADMIN{Environment.NewLine}",
            errors.ToString());

        async Task AnswerAsync()
        {
            using var client = await listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            Assert.NotEqual(0, await stream.ReadAsync(new byte[4_096]));
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(
                $"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
        }
    }

    private Task<int> RunAsync(params string[] words) =>
        new App(output, errors, VerbRuns.With((_, _, _) => { }, _ => "")).RunAsync(words);

    /// <summary>A stdout of which the first line can be awaited.</summary>
    private sealed class FirstLine : StringWriter
    {
        private readonly TaskCompletionSource<string> line = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Line => line.Task;

        public override Task WriteLineAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default)
        {
            line.TrySetResult(buffer.ToString());
            return Task.CompletedTask;
        }
    }

    private sealed class Ready : IFeedsHealth
    {
        public HealthReport Read() => new(true, true);
    }

    private sealed class Announce(
        TaskCompletionSource<IHostApplicationLifetime> to, IHostApplicationLifetime lifetime) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            lifetime.ApplicationStarted.Register(() => to.TrySetResult(lifetime));
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
