namespace AkkaFeeds.Load;

/// <summary>The programs of this binary.</summary>
internal static class LoadCommand
{
    private const string Usage = """
        usage: AkkaFeeds.Load PROGRAM [OPTIONS]     (needs KAFKA_HOME; flights, ingest and sample need AKKAFEEDS_TEST_DATA)
          flights  [--records N] [--kills N] [--seed N] [--cases plain,keyless,killed,lost]
                   real flights against their expected views, with kills and lost stores; exit code 1 when anything differs
          ingest   [--records N] [--keys 229,100000] [--stages a,b,c,d,streamiz] [--repeats N] [--env NAME=VALUE,...] [--profile FOLDER]
                   what each layer costs over a bare Consume loop; exit code 1 when a result is wrong
          keys     [--keys 100000] [--starts 5] [--env NAME=VALUE,...]
                   start to ready after a kill -9, and what an idle key weighs; exit code 1 when either is too much
          nodes    [--records 400000] [--keys 1000] [--repeats 1]
                   what a record costs on one node and on two, with 1, 2 and 4 lanes; exit code 1 when a result is wrong
          load     [--scenario many-keys,one-key,latency,idle,slow,overload,storm] [--flush 10,20,50,100] [--peers floor,signalr,ws] [--seconds N]
                   [--warm N] [--connections N] [--subscriptions N] [--keys N] [--rate N] [--slow N] [--others N] [--json FILE] [--profile FOLDER] [--env NAME=VALUE,...], or --smoke alone
                   what a delivered update costs beside peers, and how old it is; exit code 1 when a frame is wrong
          sample   --file PATH [--from 2001-06-04] [--days 7]
                   makes the flights that `akkafeeds demo` replays out of the large file; needs no broker
        """;

    /// <summary>Runs a program: 0 done, 1 something differs, 2 wrong usage.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        using var ending = ProcessTree.EndOnSignal();
        try
        {
            return arguments switch
            {
                ["flights", .. var options] => await FlightsProgram.RunAsync(options),
                ["ingest", .. var options] => await IngestProgram.RunAsync(options),
                ["keys", .. var options] => await KeysProgram.RunAsync(options),
                ["nodes", .. var options] => await NodesProgram.RunAsync(options),
                ["load", .. var options] => await FanoutProgram.RunAsync(options),
                ["sample", .. var options] => await SampleProgram.RunAsync(options),
                ["stage", var stage, .. var options] => await StageProcess.RunAsync(stage, options),
                _ => throw new UsageException(Usage),
            };
        }
        catch (UsageException wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            return 2;
        }
        catch (Exception failure) when (failure is InvalidOperationException or TimeoutException)
        {
            // What was waited for did not happen: that is a result, and a stack trace adds nothing to it.
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
    }
}
