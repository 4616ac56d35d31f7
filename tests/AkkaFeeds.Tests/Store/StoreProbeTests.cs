using System.Data.Common;
using System.Net.Sockets;
using AkkaFeeds.Freshness;
using AkkaFeeds.Store;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AkkaFeeds.Tests.Store;

/// <summary>A store that cannot be asked is down, whatever it is that says so.</summary>
public sealed class StoreProbeTests
{
    private readonly FakeTimeProvider clock = new(DateTimeOffset.FromUnixTimeMilliseconds(1_764_000_000_000));
    private readonly Told told = new();

    [Fact]
    public async Task A_probe_that_ends_by_whatever_exception_makes_the_store_down()
    {
        var board = new StoreBoard(clock);
        using var probe = new StoreProbe(new Unresolved(), board, new ProcessFailure(), clock);
        probe.Start(told);

        clock.Advance(TimeSpan.FromMilliseconds(500));

        Assert.Contains(
            "no such host", await told.Line.Task.WaitAsync(TimeSpan.FromSeconds(20)), StringComparison.Ordinal);
        Assert.NotNull(board.DownSince);
    }

    private sealed class Told : ILogger
    {
        public TaskCompletionSource<string> Line { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Line.TrySetResult(formatter(state, exception));
    }

    private sealed class Unresolved() : StoreDatabase("")
    {
        public override string ProviderName => "";

        public override string DisplayName => "unresolved";

        public override string IsolationLevel => "";

        public override int JournalParallelism => 1;

        protected override string FenceSql => "";

        protected override string FenceBodySql => "";

        protected override string FenceBody => "";

        protected override string UniqueExistsSql => "";

        protected override string TableSql => "";

        public override string? Probe() => throw new SocketException(
            (int)SocketError.HostNotFound, "no such host");

        protected override DbConnection Open() => throw new InvalidOperationException("it is not opened here");

        protected override void Lay()
        {
        }
    }
}
