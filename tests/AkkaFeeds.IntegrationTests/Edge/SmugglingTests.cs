using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>Requests and frames of which two readers may see different ends: one answer or an end each.</summary>
public sealed partial class SmugglingTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task No_request_hides_another_one()
    {
        await using var edge = await EdgeServer.StartAsync(http: "  headerTimeout: 1s\n  idleTimeout: 1s\n");
        var two = await AnswerAsync(edge.Http, Smuggling.Two);
        Assert.Equal(2, Statuses(two).Count);
        Assert.Contains(Smuggling.Hidden, two, StringComparison.Ordinal);

        var seen = new SortedDictionary<string, int>();
        var wrong = new List<string>();
        var answers = await Task.WhenAll(Smuggling.All.Select(async each =>
            (each.Key, Answer: await AnswerAsync(edge.Http, each.Value), Next: await NextAsync(edge))));
        foreach (var (name, answer, next) in answers)
        {
            var statuses = Statuses(answer).Where(status => status != "100").ToList();
            output.WriteLine($"{name}: {string.Join(' ', statuses)}");
            if (statuses.Count > 1 || answer.Contains($"\"key\":\"{Smuggling.Hidden}\"", StringComparison.Ordinal))
            {
                wrong.Add($"{name}: {answer}");
            }

            var status = statuses is [var only] ? only : "closed";
            seen[status] = seen.GetValueOrDefault(status) + 1;
            Assert.True(next == 200, $"after {name}: {next}");
        }

        output.WriteLine(string.Join(", ", seen.Select(pair => $"{pair.Key}: {pair.Value}")));
        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
        Assert.True(seen.Values.Sum() > 70);
        await edge.NothingIsLeftAsync();
        edge.NothingHasFailed();
    }

    [Fact]
    public async Task A_head_without_an_end_is_ended_and_others_are_served()
    {
        await using var edge = await EdgeServer.StartAsync(http: "  headerTimeout: 1s\n");
        var before = await ResidentBytesAsync(edge);
        foreach (var (name, run) in ContinuationFlood.All)
        {
            for (var connection = 0; connection < 5; connection++)
            {
                var (isEnded, sent, took) = await run(edge.Http);
                Assert.True(isEnded, $"{name}: the connection is open after {sent} frames");
                output.WriteLine($"{name}: ended after {sent} frames and {took.TotalMilliseconds:F0} ms");
                using var next = await edge.Server.Client.GetAsync("v1/feeds/small/keys/K001");
                Assert.True(next.IsSuccessStatusCode, $"after {name}: {next.StatusCode}");
            }
        }

        var grown = await ResidentBytesAsync(edge) - before;
        output.WriteLine($"{grown / (1 << 20):F0} MiB more are resident");
        Assert.True(grown < 100 << 20, $"{grown} bytes more");
        edge.NothingHasFailed();
    }

    private static async Task<double> ResidentBytesAsync(EdgeServer edge) =>
        (await edge.Server.Client.MetricsAsync())!.Sum("process_resident_memory_bytes");

    // On a connection of its own.
    private static async Task<int> NextAsync(EdgeServer edge) =>
        (await RawHttp.GetAsync(edge.Http, "/v1/feeds/small/keys/K001")).Status;

    // All that comes until the server ends the connection, which it does when nothing comes for a second.
    private static async Task<string> AnswerAsync(Uri http, string request)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(http.Host, http.Port, limit.Token);
        await using var stream = client.GetStream();
        using var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), limit.Token);
            await stream.CopyToAsync(answer, limit.Token);
        }
        catch (Exception reset) when (reset is IOException or SocketException)
        {
            // It was ended with bytes unread.
        }

        return Encoding.Latin1.GetString(answer.GetBuffer().AsSpan(0, (int)answer.Length));
    }

    private static List<string> Statuses(string answer) =>
        [.. StatusLine().Matches(answer).Select(line => line.Groups[1].Value)];

    [GeneratedRegex(@"HTTP/1\.1 (\d{3})")]
    private static partial Regex StatusLine();
}
