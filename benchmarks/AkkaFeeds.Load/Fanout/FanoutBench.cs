using AkkaFeeds.Harness;
using AkkaFeeds.IntegrationTests.Fixtures;

namespace AkkaFeeds.Load;

/// <summary>What all scenarios of a run share.</summary>
internal sealed class FanoutBench(
    RealBroker broker, string driver, TemporaryFolder folder, FanoutReport report, MeasuredProcess measured)
{
    /// <summary>What the peers' frames weigh where ours were not measured before.</summary>
    public const int FrameBytes = 200;

    /// <summary>Kafka.</summary>
    public RealBroker Broker => broker;

    /// <summary>The compiled driver.</summary>
    public string Driver => driver;

    /// <summary>Where the figures go.</summary>
    public FanoutReport Report => report;

    /// <summary>Starts our server with a flush of so many milliseconds; 0 takes the default.</summary>
    public Task<FanoutSite> StartAsync(int keys, int flush, double lingerMilliseconds = RecordSource.LingerStandard) =>
        FanoutSite.StartAsync(
            broker, keys,
            flush == 0
                ? measured.Environment
                : measured.Environment.Append(KeyValuePair.Create("AKKAFEEDS__FLUSH", $"{flush}ms")),
            lingerMilliseconds);

    /// <summary>Measures our server.</summary>
    public async Task<FanoutMeasurement> MeasureAsync(string scenario, LoadShape shape, int flush)
    {
        await using var site = await StartAsync(shape.Keys, flush);
        return await MeasureAsync(site, scenario, shape, flush);
    }

    /// <summary>Measures our server, which runs.</summary>
    public async Task<FanoutMeasurement> MeasureAsync(
        FanoutSite site, string scenario, LoadShape shape, int flush)
    {
        var who = (shape.Transport == "ws" ? "akkafeeds" : $"akkafeeds over {shape.Transport}")
            + (flush == 0 ? "" : $", flush {flush} ms");
        var processId = site.Server.Process.Id;
        var result = await new ServerLoad(driver, scenario, who, shape).RunAsync(
            processId, site.AddressOf(shape.Transport), shape.Transport == "ws" ? "akkafeeds" : shape.Transport,
            site.Source, () => measured.Profile(processId));
        report.Add(result);
        return result;
    }

    /// <summary>Measures a peer with frames of the given size; null where it gave up, which the report says.</summary>
    public async Task<FanoutMeasurement?> MeasurePeerAsync(
        string scenario, string name, LoadShape shape, int frameBytes)
    {
        await using var peer = await PeerServer.StartAsync(name, shape, frameBytes, folder);
        try
        {
            var result = await new ServerLoad(driver, scenario, name, shape).RunAsync(
                peer.ProcessId, peer.WebSocket, peer.Protocol, null);
            report.Add(result);
            return result;
        }
        catch (Exception error) when (error is InvalidOperationException or TimeoutException or IOException)
        {
            report.AddMissing(scenario, name, error.Message);
            return null;
        }
    }
}
