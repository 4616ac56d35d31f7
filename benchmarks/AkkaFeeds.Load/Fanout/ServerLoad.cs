namespace AkkaFeeds.Load;

/// <summary>Puts a load on a server that runs, and measures both.</summary>
/// <param name="driver">The compiled driver.</param>
/// <param name="scenario">For the report.</param>
/// <param name="who">For the report.</param>
/// <param name="shape">The load.</param>
internal sealed class ServerLoad(string driver, string scenario, string who, LoadShape shape)
{
    private static readonly TimeSpan Sample = TimeSpan.FromSeconds(1);

    /// <summary>Runs it.</summary>
    /// <param name="processId">The server's process.</param>
    /// <param name="server">Where it listens for WebSockets.</param>
    /// <param name="protocol">akkafeeds or signalr.</param>
    /// <param name="source">
    /// What makes the changes; started once all have subscribed. Null: the server does, from then on.
    /// </param>
    /// <param name="profile">Begins a profile when counting begins.</param>
    public async Task<FanoutMeasurement> RunAsync(
        int processId, Uri server, string protocol, RecordSource? source, Func<PerfProfile?>? profile = null)
    {
        await using var clients = LoadDriver.Start(driver, server, protocol, shape, begin: source is null);
        await clients.SubscribedAsync();
        source?.Start(shape.UpdatesPerSecond);
        await clients.CountingAsync();
        var meter = new ProcessMeter(processId);
        var samples = new List<long>();
        var others = new CpuWatch();
        var sentBefore = source?.Sent ?? 0;
        meter.Start();
        DriverResult result;
        double? produced;
        await using (profile?.Invoke())
        await using (TimeProvider.System.CreateTimer(
            _ => AddSample(samples, meter), null, TimeSpan.Zero, Sample))
        {
            result = await clients.ResultAsync(shape.Measured);
            produced = (source?.Sent - sentBefore) / shape.Measured.TotalSeconds;
        }

        var (cpu, seconds) = meter.Stop();
        lock (samples)
        {
            return new()
            {
                Scenario = scenario,
                Who = who,
                Shape = shape,
                Result = result,
                CpuSeconds = cpu,
                Seconds = seconds,
                OthersCores = others.OthersCores(),
                ProducedPerSecond = produced,
                ResidentBytes = [.. samples],
            };
        }
    }

    private static void AddSample(List<long> samples, ProcessMeter meter)
    {
        try
        {
            var bytes = meter.ResidentBytes();
            lock (samples)
            {
                samples.Add(bytes);
            }
        }
        catch (IOException)
        {
            // The server has ended: its connections are closed, and the result tells that.
        }
    }
}
