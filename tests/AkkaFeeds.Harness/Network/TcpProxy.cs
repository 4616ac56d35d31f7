using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace AkkaFeeds.Harness;

/// <summary>
/// A relay between two programs of this machine, which needs no privilege: its connections can be held, as a network
/// that loses every packet holds them, and reset, and a filter can rob them of an answer.
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private const int BufferBytes = 65_536;

    private readonly ConcurrentDictionary<ProxiedConnection, Task> connections = new();
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ended = new();
    private readonly int target;
    private readonly ProxyOrigin? origin;
    private readonly Task accepting;
    private volatile ProxyFilter? filter;
    private volatile Predicate<string?>? held;
    private volatile TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long heldTimes;

    /// <summary>Listens on a free port of the loopback interface.</summary>
    /// <param name="target">The port that it relays to.</param>
    /// <param name="origin">Reads who opened a connection from its first bytes.</param>
    public TcpProxy(int target, ProxyOrigin? origin = null)
    {
        this.target = target;
        this.origin = origin;
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = AcceptAsync();
    }

    /// <summary>Who opened a connection, from its first bytes; null where they do not say.</summary>
    public delegate string? ProxyOrigin(ReadOnlySpan<byte> bytes);

    /// <summary>Decides on bytes; the last argument says whether the server sent them.</summary>
    public delegate ProxyVerdict ProxyFilter(ProxiedConnection connection, ReadOnlySpan<byte> bytes, bool isAnswer);

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>How many connections are open.</summary>
    public int Count => connections.Count;

    /// <summary>How often bytes had to wait because their connection was held.</summary>
    public long HeldTimes => Interlocked.Read(ref heldTimes);

    /// <summary>Looks at all bytes; null for none.</summary>
    public ProxyFilter? Filter
    {
        get => filter;
        set => filter = value;
    }

    /// <summary>Holds the connections of some origins, present and future, until <see cref="Release"/>.</summary>
    public void Hold(Predicate<string?> origins)
    {
        held = origins;
        Wake();
    }

    /// <summary>Holds nothing any more: what waited goes on.</summary>
    public void Release()
    {
        held = null;
        Wake();
    }

    /// <summary>Resets all the connections that are open; gives how many.</summary>
    public int Reset()
    {
        var open = connections.Keys.ToArray();
        foreach (var connection in open)
        {
            connection.Reset();
        }

        return open.Length;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        listener.Stop();
        await accepting;
        Reset();
        await Task.WhenAll(connections.Values);
        ended.Dispose();
    }

    private void Wake()
    {
        var before = changed;
        changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        before.TrySetResult();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync(ended.Token);
                _ = ServeAsync(client);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It was ended.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        var connection = new ProxiedConnection(client, server);
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, target, ended.Token);
        }
        catch (Exception refused) when (refused is SocketException or OperationCanceledException)
        {
            connection.Reset();
            return;
        }

        // It is counted before a byte passes: who has seen one may reset it.
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var pumps = PumpBothAsync(begin.Task, connection, client, server);
        connections[connection] = pumps;
        begin.SetResult();
        await pumps;
        connections.TryRemove(connection, out _);
        client.Dispose();
        server.Dispose();
    }

    private async Task PumpBothAsync(Task begin, ProxiedConnection connection, Socket client, Socket server)
    {
        await begin;
        await Task.WhenAll(
            PumpAsync(connection, client, server, isAnswer: false),
            PumpAsync(connection, server, client, isAnswer: true));
    }

    private async Task PumpAsync(ProxiedConnection connection, Socket from, Socket to, bool isAnswer)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            while (true)
            {
                var count = await from.ReceiveAsync(buffer.AsMemory(), ended.Token);
                if (!isAnswer && count > 0)
                {
                    connection.Origin ??= origin?.Invoke(buffer.AsSpan(0, count));
                }

                await PassAsync(connection);
                if (count == 0)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }

                if (filter?.Invoke(connection, buffer.AsSpan(0, count), isAnswer) == ProxyVerdict.Reset)
                {
                    connection.Reset();
                    return;
                }

                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), ended.Token);
                }
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One end is gone: the other is told.
            connection.Reset();
        }
    }

    private async Task PassAsync(ProxiedConnection connection)
    {
        var isFirst = true;
        while (true)
        {
            var wait = changed.Task;
            if (held?.Invoke(connection.Origin) != true)
            {
                return;
            }

            if (isFirst)
            {
                Interlocked.Increment(ref heldTimes);
                isFirst = false;
            }

            await wait.WaitAsync(ended.Token);
        }
    }
}
