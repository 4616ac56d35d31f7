using AkkaFeeds;
using AkkaFeeds.Server.Cli;
using AkkaFeeds.Server.Config;

var verbs = VerbRuns.With(
    (services, options, feeds) => FeedsHosting.AddAkkaFeeds(services, options, feeds, ProcessLog.IntoSerilog),
    provider => provider.GetRequiredService<Engine>().Brokers);
return await new App(Console.Out, Console.Error, verbs).RunAsync(args).ConfigureAwait(false);
