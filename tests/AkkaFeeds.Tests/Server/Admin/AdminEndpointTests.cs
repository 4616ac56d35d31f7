using AkkaFeeds.Contracts;
using AkkaFeeds.Tests.Server.Edge;
using Xunit;

namespace AkkaFeeds.Tests.Server.Admin;

public sealed class AdminEndpointTests : IAsyncLifetime
{
    private readonly EdgeProcess process = new();

    public Task InitializeAsync() => process.InitializeAsync();

    public Task DisposeAsync() => process.DisposeAsync();

    [Fact]
    public async Task Live_is_answered_whatever_the_store_does()
    {
        process.Health = new HealthReport(false, false);

        var response = await process.GetAdminAsync("/healthz/live");

        Assert.Equal("""{"status":"live"}""", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(false, false, null, "store")]
    [InlineData(true, false, null, "recover")]
    [InlineData(true, false, "3 of 16 slots of flights", "3 of 16 slots of flights")]
    public async Task Ready_waits_for_store_slots_and_ledgers(bool open, bool recovered, string? detail, string said)
    {
        process.Health = new HealthReport(open, recovered, detail);

        var response = await process.GetAdminAsync("/healthz/ready");

        Assert.Contains(said, await EdgeProcess.ProblemAsync(response, 503, "not-ready"), StringComparison.Ordinal);
        Assert.True(response.Headers.Contains("Retry-After"));
    }

    [Fact]
    public async Task Ready_is_answered_when_nothing_is_waited_for()
    {
        var response = await process.GetAdminAsync("/healthz/ready");

        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task Metrics_are_prometheus_text()
    {
        process.Metrics.Records("flights", Outcome.Applied, 12);

        var response = await process.GetAdminAsync("/metrics");

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Contains(
            "akkafeeds_records_total{feed=\"flights\",outcome=\"applied\"} 12\n",
            await response.Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_admin_port_serves_no_feeds()
    {
        await EdgeProcess.ProblemAsync(await process.GetAdminAsync("/v1/feeds"), 404, "unknown-op");
    }
}
