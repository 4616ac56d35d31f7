namespace AkkaFeeds.Harness;

/// <summary>
/// When to kill: half of the instants are taken by the clock, from the start of the process on, so that recovery is
/// hit too;
/// the other half by progress, so that records are in flight whatever the speed of the machine.
/// </summary>
public sealed class KillPlan(int seed)
{
    private const int LifeMillisecondsMax = 6_000;
    private const int AfterProgressMillisecondsMax = 1_500;

    private readonly Random random = new(seed);
    private int kills;

    /// <summary>Waits for the next instant, kills, and tells what the server was doing.</summary>
    /// <param name="server">A server just started.</param>
    /// <param name="arriving">How many records are being produced meanwhile.</param>
    public async Task<KilledWhile> KillAsync(ServerProcess server, int arriving)
    {
        var metrics = await InstantAsync(server, arriving);
        await server.KillAsync();
        return metrics is null ? KilledWhile.Starting
            : Consumed(metrics) < arriving || metrics.Sum("akkafeeds_lag_records", ("feed", FlightsFeed.Name)) > 0
                ? KilledWhile.Reading
            : KilledWhile.Idle;
    }

    /// <summary>The last reading before the kill; null where the server does not answer yet.</summary>
    private async Task<Metrics?> InstantAsync(ServerProcess server, int arriving)
    {
        var kill = kills++;
        if (kill % 2 == 0)
        {
            var threshold = random.NextDouble() * arriving / 2;
            var reached = await server.MetricsAsync(
                metrics => Consumed(metrics) > threshold, "the progress that the plan wants", TimeSpan.FromMinutes(2),
                TimeSpan.FromMilliseconds(10));
            if (kill % 4 == 0)
            {
                // Some are killed at once: the rest of the records is still on its way then, whatever the machine.
                return reached;
            }

            await Waiting.PauseAsync(TimeSpan.FromMilliseconds(random.Next(AfterProgressMillisecondsMax)));
        }
        else
        {
            await Waiting.PauseAsync(TimeSpan.FromMilliseconds(random.Next(LifeMillisecondsMax)));
        }

        return server.Process.HasExited
            ? throw new InvalidOperationException($"the server ended by itself\n{server.Process.Tail}")
            : await server.Client.MetricsAsync();
    }

    private static double Consumed(Metrics metrics) =>
        metrics.Sum("akkafeeds_records_total", ("feed", FlightsFeed.Name));
}
