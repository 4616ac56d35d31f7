using System.Net;
using System.Net.Sockets;

namespace AkkaFeeds.Harness;

/// <summary>Free ports of the loopback interface.</summary>
public static class Ports
{
    /// <summary>Ports that were free a moment ago, all different.</summary>
    public static int[] Free(int count)
    {
        var listeners = new List<TcpListener>();
        try
        {
            for (var index = 0; index < count; index++)
            {
                var listener = new TcpListener(IPAddress.Loopback, 0);
                listener.Start();
                listeners.Add(listener);
            }

            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            listeners.ForEach(listener => listener.Stop());
        }
    }

    /// <summary>A free port whose successor is free too, as a broker and its controller want them.</summary>
    public static int FreePair()
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var port = Free(1)[0];
            try
            {
                var next = new TcpListener(IPAddress.Loopback, port + 1);
                next.Start();
                next.Stop();
                return port;
            }
            catch (SocketException)
            {
                // The successor is taken: another pair is tried.
            }
        }

        throw new InvalidOperationException("no two neighbouring ports are free");
    }
}
