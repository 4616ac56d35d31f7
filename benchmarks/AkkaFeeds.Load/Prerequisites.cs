using AkkaFeeds.Harness;
using AkkaFeeds.IntegrationTests.Fixtures;

namespace AkkaFeeds.Load;

/// <summary>What must be there before anything is started; a program that lacks it says so and ends with 2.</summary>
internal static class Prerequisites
{
    public static void Check(bool needsFlights)
    {
#if DEBUG
        throw new UsageException(
            $"this is a Debug build, whose figures mean nothing ({needsFlights}): run with -c Release");
#else
        if (needsFlights && FlightsFile.Folder is null)
        {
            throw new UsageException("AKKAFEEDS_TEST_DATA: a folder with flights-3m.parquet is wanted");
        }

        try
        {
            _ = ServerBinary.Path;
        }
        catch (FileNotFoundException missing)
        {
            throw new UsageException(missing.Message);
        }
#endif
    }

    /// <summary>A PostgreSQL of our own.</summary>
    public static async Task<PostgresServer> PostgresAsync() => await PostgresServer.StartAsync()
        ?? throw new UsageException("PostgreSQL is wanted: Debian's postgresql, or AKKAFEEDS_TEST_POSTGRES");

    /// <summary>
    /// A broker of our own: its processor time is part of what is measured, so one that runs already will not do.
    /// </summary>
    public static async Task<RealBroker> BrokerAsync(string machine = RealBroker.BriefMachine)
    {
        var broker = await RealBroker.StartAsync(machine);
        return broker is { IsOurs: true } ? broker : throw new UsageException(
            "KAFKA_HOME: a folder with start.sh is wanted, and no AKKAFEEDS_TEST_KAFKA");
    }
}
