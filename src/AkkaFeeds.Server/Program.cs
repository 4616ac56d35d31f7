using AkkaFeeds;
using AkkaFeeds.Server.Cli;
using AkkaFeeds.Server.Config;

var runs = VerbRuns.With((services, options, feeds) => FeedsHosting.AddAkkaFeeds(services, options, feeds, Log.IntoSerilog));
return await new App(Console.Out, Console.Error, runs).RunAsync(args).ConfigureAwait(false);
