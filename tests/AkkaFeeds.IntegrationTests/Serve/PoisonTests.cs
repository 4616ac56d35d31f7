using System.Text;
using System.Text.Json;
using AkkaFeeds.Harness;
using AkkaFeeds.IntegrationTests.Fixtures;

namespace AkkaFeeds.IntegrationTests.Serve;

/// <summary>
/// A record that cannot be folded: its key goes on without it and says so, its neighbours know nothing of it, and the
/// store has its bytes.
/// </summary>
public sealed class PoisonTests : IAsyncLifetime
{
    private const int Good = 5_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly string topic = $"poison-{Guid.NewGuid():N}";
    private readonly string marker = $"poison-{Guid.NewGuid():N}";
    private RealBroker? broker;

    [SkippableFact]
    public async Task A_poison_record_costs_its_own_key_one_record_and_nobody_anything_else()
    {
        Skip.If(broker is null, RealBroker.SkipReason);
        await FillAsync();
        var group = $"group-{Guid.NewGuid():N}";
        using var site = new ServerSite(broker!.BootstrapServers, group, FlightsFeed.Yaml(topic));
        await using (var server = await ServerProcess.StartReadyAsync(site))
        {
            var metrics = await SettledAsync(server, group);
            Assert.Equal(Good, metrics.Sum("akkafeeds_records_total", ("outcome", "applied")));
            Assert.Equal(1, metrics.Sum("akkafeeds_records_total", ("outcome", "quarantined")));
            Assert.Equal(1, metrics.Sum("akkafeeds_quarantined_total", ("reason", "type")));
            Assert.Equal(0, metrics.Sum("akkafeeds_unaccounted_records"));
            await AssertViewsAsync(server);
            Assert.Equal(1, await PutAsideAsync(server, "type"));
            await server.KillAsync();
        }

        Assert.True(IsStored(site.Store), "the bytes of the refused record are not in the store");
        await using var again = await ServerProcess.StartReadyAsync(site);
        var since = await SettledAsync(again, group);
        await AssertViewsAsync(again);

        // A counter counts from the start of the process; what stands in a ledger does so before it, too.
        Assert.Equal(0, since.Sum("akkafeeds_quarantined_total"));
        Assert.Equal(1, await PutAsideAsync(again, "type"));
    }

    /// <inheritdoc/>
    public async Task InitializeAsync() => broker = await RealBroker.StartAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (broker is not null)
        {
            await broker.DisposeAsync();
        }
    }

    private async Task FillAsync()
    {
        await FlightProducer.CreateTopicAsync(broker!.BootstrapServers, topic);
        using var producer = FlightProducer.Create(broker.BootstrapServers);
        for (var index = 0; index < Good; index++)
        {
            if (index == Good / 2)
            {
                // Everything before the sum has been folded into the key when the distance turns out to be a text.
                FlightProducer.Send(
                    producer, topic, "K0"u8.ToArray(), Record("K0", index, $"\"{marker}\""));
            }

            var key = $"K{index % 10}";
            FlightProducer.Send(producer, topic, Encoding.UTF8.GetBytes(key), Record(key, index, "7"));
        }

        FlightProducer.Flush(producer);
    }

    private async Task AssertViewsAsync(ServerProcess server)
    {
        for (var index = 0; index < 10; index++)
        {
            using var snapshot = await server.Client.KeyAsync(FlightsFeed.Name, $"K{index}");
            var root = snapshot.RootElement;
            var data = root.GetProperty("data");
            Assert.Equal(Good / 10, data.GetProperty("departures").GetInt64());
            Assert.Equal(7 * (Good / 10), data.GetProperty("totalDistance").GetInt64());
            Assert.Equal(index == 0 ? "partial" : "live", root.GetProperty("state").GetString());
            Assert.Equal(index == 0 ? "quarantined" : null, Reason(root));
            Assert.Equal(2, data.GetProperty("worst").GetInt64());
        }
    }

    private static async Task<long> PutAsideAsync(ServerProcess server, string reason)
    {
        using var answer = await server.Client.GetAsync($"v1/feeds/{FlightsFeed.Name}/status");
        using var status = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return status.RootElement.GetProperty("quarantined").GetProperty(reason).GetInt64();
    }

    private static string? Reason(JsonElement snapshot) =>
        snapshot.TryGetProperty("reason", out var reason) ? reason.GetString() : null;

    private async Task<Metrics> SettledAsync(ServerProcess server, string group) => await server.MetricsAsync(
        metrics => metrics.Count("akkafeeds_lag_records") == FlightProducer.Partitions
            && metrics.Sum("akkafeeds_lag_records") == 0
            && metrics.Sum("akkafeeds_state_keys", ("state", "live")) >= 9
            && GroupOffsets.Lag(broker!.BootstrapServers, group, topic) == 0,
        "all records read and durable", Limit, TimeSpan.FromMilliseconds(200));

    private bool IsStored(string folder) => Directory.EnumerateFiles(folder)
        .Any(file => File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.ASCII.GetBytes(marker)) >= 0);

    private static byte[] Record(string key, int index, string distance) => Encoding.UTF8.GetBytes(
        $$"""{"date":"2001-01-01T00:00:00.000Z","delay":{{index % 3}},"distance":{{distance}},"origin":"{{key}}","destination":"SAV"}""");
}
