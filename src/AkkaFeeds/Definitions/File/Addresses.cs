using System.Globalization;
using System.Net;

namespace AkkaFeeds.Definitions.Files;

/// <summary>Hosts, ports and URLs.</summary>
internal static class Addresses
{
    /// <summary>A URL that is read from: a registry, keys.</summary>
    public static Kind<Uri> ReadUrl(string example) => new TextKind<Uri>(
        (text, _) => IsReadUrl(text, out var uri) ? Parsed<Uri>.Good(uri)
            : Parsed<Uri>.Bad("is not an http or https URL", $"write one such as {example}"),
        static value => value.OriginalString)
    {
        Name = "a URL", Example = example, Range = "http, https",
    };

    /// <summary><c>host:port</c>, with an IPv6 address in brackets.</summary>
    public static Kind<string> HostAndPort(string example) =>
        Kinds.Checked("host:port", example, "port 1 to 65535", text => HostAndPortTrouble(text, example));

    /// <summary>Where a port of ours listens.</summary>
    public static Kind<string> ListenUrl(string example) => Kinds.Checked(
        "a URL", example, "http://host:port, port 0 to 65535", text => ListenTrouble(text, example));

    /// <summary>The origin of a page, as browsers write it.</summary>
    public static Kind<string> Origin(string example) => Kinds.Checked(
        "an origin", example, "scheme://host[:port]", text =>
            IsReadUrl(text, out var uri) && text == uri.GetLeftPart(UriPartial.Authority)
                ? ("", "")
                : ("is not an origin as browsers write it",
                    $"write one such as {example}, in lower case and without a path"));

    public static bool IsReadUrl(string text, out Uri uri) =>
        Uri.TryCreate(text, UriKind.Absolute, out uri!) && uri.Scheme is "http" or "https" && uri.Host.Length > 0;

    /// <summary>Whether a listening URL is reached from this machine alone.</summary>
    public static bool IsLoopback(string url)
    {
        var host = ListenParts(url).Host.Trim('[', ']');
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
    }

    /// <summary>The host and the port of a listening URL; an empty host where it is none.</summary>
    public static (string Host, int Port) ListenParts(string url)
    {
        const string Scheme = "http://";
        if (!url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return ("", -1);
        }

        var rest = url[Scheme.Length..].TrimEnd('/');
        var colon = rest.LastIndexOf(':');
        return colon > 0 && TryPort(rest[(colon + 1)..], 0, out var port) ? (rest[..colon], port) : ("", -1);
    }

    public static (string Problem, string Suggestion) HostAndPortTrouble(string text, string example)
    {
        var colon = text.LastIndexOf(':');
        if (text.Contains("://", StringComparison.Ordinal))
        {
            return ("is a URL, not host:port",
                $"write one such as {example}; security.protocol goes to kafka.properties");
        }

        if (colon < 0)
        {
            return ("has no port", $"write host:port such as {example}");
        }

        return !TryPort(text[(colon + 1)..], 1, out _)
            ? ("has no port between 1 and 65535", $"write host:port such as {example}")
            : !IsHost(text[..colon]) ? ("has no host that is possible", $"write host:port such as {example}")
            : ("", "");
    }

    private static (string Problem, string Suggestion) ListenTrouble(string text, string example)
    {
        if (text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            return ("https is not served by this release", "listen on http and put a proxy with TLS before it");
        }

        var (host, port) = ListenParts(text);
        return port < 0 || (host is not ("*" or "+") && !IsHost(host))
            ? ("is not http://host:port", $"write one such as {example}")
            : ("", "");
    }

    private static bool TryPort(string text, int min, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port >= min && port <= 65_535;

    private static bool IsHost(string host) =>
        host.StartsWith('[') ? host.EndsWith(']') && IPAddress.TryParse(host, out _)
        : Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4;
}
