using System.Globalization;
using System.Net;
using AkkaFeeds.Server.Edge;

namespace AkkaFeeds.Server.Config;

/// <summary>Where a port listens: an IP address and a port, 0 for a free one.</summary>
internal static class ListenAddress
{
    private const string WayOut =
        "give HOST:PORT with an IP address or localhost, such as 127.0.0.1:8080; port 0 takes a free one";

    /// <summary>Reads <c>host:port</c> or <c>http://host:port</c>.</summary>
    /// <param name="what">The option or setting, for the error.</param>
    /// <param name="text">What stands there.</param>
    public static IPEndPoint Parse(string what, string text)
    {
        const string scheme = "http://";
        var address =
            text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? text[scheme.Length..].TrimEnd('/') : text;
        var colon = address.LastIndexOf(':');
        var host = colon < 0 ? address : address[..colon];
        if (colon < 0
            || !ushort.TryParse(address[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || ParseHost(host) is not { } ip)
        {
            throw new StartupException(
                what, $"{ShownText.Quote(text)} is no address to listen on", WayOut, StartupException.BadInput);
        }

        return new IPEndPoint(ip, port);
    }

    /// <summary>Without <c>auth</c> whoever reaches the edge reads every key, so only this machine may reach
    /// it.</summary>
    public static void RequireLoopback(string what, IPEndPoint address)
    {
        if (!IPAddress.IsLoopback(address.Address))
        {
            throw new StartupException(
                what,
                $"{address} can be reached from other machines, and without auth anybody could read every key",
                "listen on 127.0.0.1 or [::1] and put an authenticating proxy before it", StartupException.BadInput);
        }
    }

    private static IPAddress? ParseHost(string host) => host switch
    {
        "localhost" => IPAddress.Loopback,
        "*" or "+" => IPAddress.Any,
        ['[', .. var inner, ']'] when inner.Contains(':') => IPAddress.TryParse(inner, out var ip) ? ip : null,

        // Without brackets "::1:80" is an address whole; TryParse alone would also take "1" for 0.0.0.1.
        _ when !host.Contains(':') && host.Count(character => character == '.') == 3 =>
            IPAddress.TryParse(host, out var ip) ? ip : null,
        _ => null,
    };
}
