using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>HTTP byte by byte: nothing is tidied up before it is sent.</summary>
internal static class RawHttp
{
    public static Task<(int Status, string Head, string Body)> GetAsync(Uri http, string target) =>
        SendAsync(http, $"GET {target} HTTP/1.1\r\nHost: {http.Authority}\r\nConnection: close\r\n\r\n");

    /// <summary>Sends text as Latin-1, and reads until the server ends the connection.</summary>
    public static async Task<(int Status, string Head, string Body)> SendAsync(Uri http, string request)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var client = new TcpClient();
        await client.ConnectAsync(http.Host, http.Port, limit.Token);
        await using var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), limit.Token);
        }
        catch (IOException)
        {
            // It has refused what came so far, and said why.
        }

        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer, limit.Token);
        var text = Encoding.UTF8.GetString(answer.GetBuffer().AsSpan(0, (int)answer.Length));
        var body = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        Assert.True(body > 0, $"no answer: {text}");
        return (int.Parse(text.AsSpan(9, 3), CultureInfo.InvariantCulture), text[..body], text[(body + 4)..]);
    }

    /// <summary>Every byte but letters and digits as %XX.</summary>
    public static string Encoded(string key) => string.Concat(Encoding.UTF8.GetBytes(key)
        .Select(one => char.IsAsciiLetterOrDigit((char)one) ? $"{(char)one}" : $"%{one:x2}"));
}
