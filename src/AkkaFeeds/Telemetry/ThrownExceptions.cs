namespace AkkaFeeds.Telemetry;

/// <summary>
/// How many exceptions this process has thrown since it began to count. A throw costs more than most of what it tells
/// of, so that a path on which thousands are thrown at once holds up everybody else.
/// </summary>
internal static class ThrownExceptions
{
    private static long total;
    private static int counts;

    public static long Total => Interlocked.Read(ref total);

    /// <summary>Counts from now on; called again, it changes nothing.</summary>
    public static void Count()
    {
        if (Interlocked.Exchange(ref counts, 1) == 0)
        {
            AppDomain.CurrentDomain.FirstChanceException += (_, _) => Interlocked.Increment(ref total);
        }
    }
}
