using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AkkaFeeds.Harness;

/// <summary>
/// Free ports of the loopback interface for processes that listen later, and again after each restart.
/// </summary>
/// <remarks>
/// They lie below those from which the kernel takes one for each connection that is opened: a port that a listener
/// at port 0 is given lies among them, and any connection of the machine may have taken it before the process listens.
/// </remarks>
public static class Ports
{
    private const int First = 10_000;

    private static readonly int End = FirstOfConnections();

    private static readonly HashSet<int> Given = [];

    /// <summary>Ports that nobody listens at, all different, and given to nobody in this process before.</summary>
    public static int[] Free(int count) => [.. Enumerable.Range(0, count).Select(_ => FirstOf(1))];

    /// <summary>A free port whose successor is free too, as a broker and its controller want them.</summary>
    public static int FreePair() => FirstOf(2);

    private static int FirstOf(int neighbours)
    {
        for (var attempt = 0; attempt < 1_000; attempt++)
        {
            int[] ports = [.. Enumerable.Range(Random.Shared.Next(First, End - neighbours), neighbours)];
            lock (Given)
            {
                if (!ports.Any(Given.Contains) && ports.All(IsFree))
                {
                    Given.UnionWith(ports);
                    return ports[0];
                }
            }
        }

        throw new InvalidOperationException($"no {neighbours} neighbouring ports from {First} to {End - 1} are free");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FirstOfConnections()
    {
        const string range = "/proc/sys/net/ipv4/ip_local_port_range";
        var first = File.Exists(range)
            ? int.Parse(File.ReadAllText(range).Split('\t', ' ')[0], CultureInfo.InvariantCulture)
            : 32_768;
        // A machine whose connections may have any port leaves none below: then the risk has to be taken.
        return first > First + 1_000 ? first : 32_768;
    }
}
