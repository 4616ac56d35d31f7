using System.Globalization;
using System.Text;

namespace AkkaFeeds.Load;

/// <summary>
/// The feed of the fan-out: each record changes four fields of its key's view, one of them the instant at which it was
/// sent, so that a frame has about 200 bytes and tells its own age.
/// </summary>
internal static class FanoutFeed
{
    public const string Name = "load";

    /// <summary>What stands under <c>feeds:</c>.</summary>
    public static string Yaml(string topic) => $$"""
          {{Name}}:
            from: { topic: {{topic}}, format: json }
            key: airport
            slots: 16
            view:
              n: count()
              sent: last(sent)
              delay: last(delay)
              worst: max(delay)
              meanDelay: avg(delay)
        """;

    /// <summary>The name of a key; the driver knows it too.</summary>
    public static string Key(int index) => string.Create(CultureInfo.InvariantCulture, $"k{index}");

    /// <summary>A record of now.</summary>
    public static byte[] Record(int key, int delay) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"airport\":\"{Key(key)}\",\"delay\":{delay},\"gate\":\"B{delay % 40}\",\"sent\":{NowMicroseconds()}}}"));

    /// <summary>The clock that the driver compares with: Unix time in microseconds.</summary>
    public static long NowMicroseconds() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / 10;
}
