namespace AkkaFeeds.Load;

/// <summary>The programs of this binary.</summary>
internal static class LoadCommand
{
    private const string Usage = """
        usage: AkkaFeeds.Load PROGRAM [OPTIONS]     (needs KAFKA_HOME; flights and ingest need AKKAFEEDS_TEST_DATA too)
          flights  [--records N] [--kills N] [--seed N] [--cases plain,keyless,killed,lost]
                   real flights against their expected views, with kills and lost stores; exit code 1 when anything differs
        """;

    /// <summary>Runs a program: 0 done, 1 something differs, 2 wrong usage.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        try
        {
            return arguments switch
            {
                ["flights", .. var options] => await FlightsProgram.RunAsync(options),
                _ => throw new UsageException(Usage),
            };
        }
        catch (UsageException wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            return 2;
        }
    }
}
