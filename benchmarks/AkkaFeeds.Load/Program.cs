using AkkaFeeds.Load;

return await LoadCommand.RunAsync(args);
