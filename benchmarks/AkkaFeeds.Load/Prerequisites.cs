using AkkaFeeds.Harness;

namespace AkkaFeeds.Load;

/// <summary>What must be there before anything is started; a program that lacks it says so and ends with 2.</summary>
internal static class Prerequisites
{
    public static void Check(bool needsFlights)
    {
#if DEBUG
        throw new UsageException($"this is a Debug build, whose figures mean nothing ({needsFlights}): run with -c Release");
#else
        if (BrokerProcess.Home is null)
        {
            throw new UsageException("KAFKA_HOME: a folder with start.sh is wanted");
        }

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
}
