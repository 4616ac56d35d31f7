using System.Net;
using System.Net.Sockets;
using AkkaFeeds.Definitions.Files;
using AkkaFeeds.Server.Config;
using AkkaFeeds.Server.Edge;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serilog;
using Xunit;

namespace AkkaFeeds.Tests.Server.Config;

public sealed class FeedServerTests
{
    private static readonly IPEndPoint Free = new(IPAddress.Loopback, 0);

    [Fact]
    public async Task A_port_in_use_is_one_clear_error_and_the_engine_never_starts()
    {
        using var holder = new TcpListener(Free);
        holder.Start();
        var engine = new Engine();
        using var host = Build((IPEndPoint)holder.LocalEndpoint, engine);

        var error =
            await Assert.ThrowsAsync<StartupException>(() => FeedServer.StartAsync(host));

        Assert.Equal(StartupException.Failed, error.ExitCode);
        Assert.Contains("in use", error.Message, StringComparison.Ordinal);
        Assert.Contains(holder.LocalEndpoint.ToString()!, error.Message, StringComparison.Ordinal);
        Assert.False(engine.Started);
    }

    [Fact]
    public async Task An_address_of_another_machine_is_one_clear_error()
    {
        using var host = Build(IPEndPoint.Parse("192.0.2.1:0"), new Engine());

        var error =
            await Assert.ThrowsAsync<StartupException>(() => FeedServer.StartAsync(host));

        Assert.Equal(StartupException.Failed, error.ExitCode);
    }

    [Fact]
    public async Task An_engine_that_refuses_to_start_is_heard()
    {
        var refusal = new StartupException("store x", "it is of another feed", "give another");
        using var host = Build(Free, new Engine { Refusal = refusal });

        Assert.Same(refusal, await Assert.ThrowsAsync<StartupException>(
            () => FeedServer.StartAsync(host)));
    }

    [Fact]
    public async Task A_failure_after_the_start_stops_the_process_in_order()
    {
        var engine = new Engine();
        using var host = Build(Free, engine);
        await FeedServer.StartAsync(host);

        var failure = new StartupException("topic t", "it is not there", "make it");
        host.Services.GetRequiredService<ProcessFailure>().Fail(failure);
        await host.WaitForShutdownAsync();

        Assert.True(engine.Stopped);
    }

    [Fact]
    public async Task Who_is_told_to_stop_while_it_starts_stops_in_order()
    {
        var engine = new Engine { Hangs = true };
        using var host = Build(Free, engine);
        var starting = FeedServer.StartAsync(host);
        await engine.Begun.WaitAsync(TimeSpan.FromSeconds(30));
        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.False(await starting.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.True(engine.Stopped);
    }

    private static IHost Build(IPEndPoint edge, Engine engine) => FeedServer.Build(
        [edge], [Free], Array.Empty<FeedCard>(), new FeedsOptions(), new LoggerConfiguration().CreateLogger(),
        services => services.AddSingleton<IHostedService>(engine));

    private sealed class Engine : IHostedService
    {
        private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => begun.Task;

        public bool Hangs { get; init; }

        public StartupException? Refusal { get; init; }

        public bool Started { get; private set; }

        public bool Stopped { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            Started = true;
            begun.TrySetResult();
            return Hangs ? new TaskCompletionSource().Task.WaitAsync(cancellationToken)
                : Refusal is null ? Task.CompletedTask : Task.FromException(Refusal);
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            Stopped = true;
            return Task.CompletedTask;
        }
    }
}
