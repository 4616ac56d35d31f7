using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Serve;

/// <summary>
/// What the real binary says when the file is right and what it names is not, and how it refuses wrong requests.
/// </summary>
public sealed class WrongSurroundingsTests(ServedTopic served) : IClassFixture<ServedTopic>
{
    [SkippableFact]
    public async Task A_topic_that_is_not_there_is_named()
    {
        using var site = served.Site();
        site.Edit($"topic: {served.Topic}", "topic: no-such-topic");
        var run = await ServerRun.OfAsync("serve", site.File);
        run.AssertOneError(1, "no-such-topic");
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_port_in_use_is_named(bool isEdge)
    {
        using var site = served.Site();
        var port = (isEdge ? site.Http : site.Admin).Port;
        using var holder = new TcpListener(IPAddress.Loopback, port);
        holder.Start();
        var run = await ServerRun.OfAsync("serve", site.File);
        run.AssertOneError(1, $"{port}");
    }

    [SkippableFact]
    public async Task A_store_that_cannot_be_written_is_named()
    {
        using var site = served.Site();
        Directory.Delete(site.Store);
        await File.WriteAllTextAsync(site.Store, "a file where a folder is wanted");
        var run = await ServerRun.OfAsync("serve", site.File);
        run.AssertOneError(1, "store");
    }

    [SkippableFact]
    public async Task A_store_that_is_no_database_is_named_and_left_as_it_is()
    {
        using var site = served.Site();
        var path = Path.Combine(site.Store, "akkafeeds.db");
        var text = string.Concat(Enumerable.Repeat("not a database, but somebody's letters\n", 200));
        await File.WriteAllTextAsync(path, text);
        var run = await ServerRun.OfAsync("serve", site.File);
        run.AssertOneError(1, "store");
        Assert.Equal(text, await File.ReadAllTextAsync(path));
    }

    [SkippableFact]
    public async Task A_store_of_another_definition_is_refused_and_serves_the_old_one_again()
    {
        using var site = served.Site();
        await using (var first = await ServerProcess.StartReadyAsync(site))
        {
            await AllReadAsync(first);
            Assert.True(await first.Process.StopAsync(TimeSpan.FromSeconds(30)), "it did not stop within 30 s");
            Assert.Equal(0, first.Process.ExitCode);
        }

        site.Edit("delayed: count(delay > 15)", "delayed: count(delay > 30)");
        var run = await ServerRun.OfAsync("serve", site.File);
        run.AssertOneError(2, "flights");

        site.Edit("delayed: count(delay > 30)", "delayed: count(delay > 15)");
        await using var again = await ServerProcess.StartReadyAsync(site);
        await AllReadAsync(again);
    }

    [SkippableFact]
    public async Task Wrong_requests_get_problem_documents_and_right_ones_still_answers()
    {
        using var site = served.Site();
        await using var server = await ServerProcess.StartReadyAsync(site);
        await AllReadAsync(server);

        await AssertProblemAsync(server, "v1/feeds/no-such-feed/keys/ATL", HttpStatusCode.NotFound, "unknown-feed");
        await AssertProblemAsync(server, "v1/feeds/no-such-feed/keys", HttpStatusCode.NotFound, "unknown-feed");
        await AssertProblemAsync(server, "v1/feeds/flights/key?key=%00", HttpStatusCode.BadRequest, "bad-key");
        await AssertProblemAsync(server, "v1/feeds/flights/key?key=", HttpStatusCode.BadRequest, "bad-key");
        await AssertProblemAsync(
            server, $"v1/feeds/flights/keys/{new string('k', 513)}", HttpStatusCode.BadRequest, "bad-key");
        await AssertProblemAsync(server, "v1/feeds/flights/rows?sort=-nope", HttpStatusCode.BadRequest, "bad-sort");
        await AssertProblemAsync(
            server, "v1/feeds/flights/rows?fields=nope", HttpStatusCode.BadRequest, "unknown-field");

        // Until the slot has reached the log's end the key is rebuilding; the long poll waits for the change.
        using var first = await server.Client.GetAsync("v1/feeds/flights/keys/ZZZ");
        var tag = first.Headers.ETag!.Tag.Trim('"');
        using var later = tag.EndsWith("-rebuilding", StringComparison.Ordinal)
            ? await server.Client.GetAsync($"v1/feeds/flights/keys/ZZZ?after={tag}&wait=30s")
            : await server.Client.GetAsync("v1/feeds/flights/keys/ZZZ");
        using var blank = JsonDocument.Parse(await later.Content.ReadAsStringAsync());
        Assert.Equal("blank", blank.RootElement.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, blank.RootElement.GetProperty("data").ValueKind);
        using var made = await server.Client.KeyAsync(FlightsFeed.Name, "ATL");
        Assert.Equal(1, made.RootElement.GetProperty("data").GetProperty("departures").GetInt64());
    }

    private async Task AllReadAsync(ServerProcess server) =>
        await server.MetricsAsync(
            metrics => metrics.Count("akkafeeds_lag_records", ("feed", FlightsFeed.Name)) == FlightProducer.Partitions
                && metrics.Sum("akkafeeds_lag_records", ("feed", FlightsFeed.Name)) == 0
                && metrics.Sum(
                    "akkafeeds_state_keys", ("feed", FlightsFeed.Name), ("state", "live")) == served.Origins.Count,
            "all flights read", TimeSpan.FromSeconds(60));

    private static async Task AssertProblemAsync(ServerProcess server, string path, HttpStatusCode status, string code)
    {
        using var answer = await server.Client.GetAsync(path);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{path}: {(int)answer.StatusCode}, expected {(int)status}: {body}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(body);
        Assert.Equal($"/problems/{code}", problem.RootElement.GetProperty("type").GetString());
        Assert.Equal((int)status, problem.RootElement.GetProperty("status").GetInt32());
    }
}
