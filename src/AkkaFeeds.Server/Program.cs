using AkkaFeeds.Server.Cli;

return await new App(Console.Out, Console.Error, VerbRuns.Local).RunAsync(args).ConfigureAwait(false);
