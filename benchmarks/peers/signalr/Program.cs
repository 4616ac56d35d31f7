using AkkaFeeds.Peers;

var options = new ConfigurationBuilder().AddCommandLine(args).Build();
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(
    kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, options.GetValue("port", 0)));
builder.Services.AddSignalR();
builder.Services.AddSingleton<UpdateStart>();
builder.Services.AddHostedService<UpdatePublisher>();
builder.Services.AddSingleton(new PeerLoad(
    options.GetValue("rate", 50.0), options.GetValue("keys", 1), options.GetValue("bytes", 200)));

var app = builder.Build();
app.MapHub<KeysHub>("/hub");
await app.StartAsync();
Console.WriteLine($"{{\"port\":{new Uri(app.Urls.First()).Port}}}");
await app.WaitForShutdownAsync();
