using System.Globalization;

namespace AkkaFeeds.Server.Edge;

/// <summary>Durations as the file writes them: <c>2s</c>, <c>1500ms</c>, <c>10m</c>.</summary>
internal static class DurationText
{
    /// <summary>The shortest form that is exact.</summary>
    public static string Write(long milliseconds)
    {
        var (unit, count) = milliseconds switch
        {
            0 => ("s", 0),
            _ when milliseconds % 86_400_000 == 0 => ("d", milliseconds / 86_400_000),
            _ when milliseconds % 3_600_000 == 0 => ("h", milliseconds / 3_600_000),
            _ when milliseconds % 60_000 == 0 => ("m", milliseconds / 60_000),
            _ when milliseconds % 1000 == 0 => ("s", milliseconds / 1000),
            _ => ("ms", milliseconds),
        };
        return count.ToString(CultureInfo.InvariantCulture) + unit;
    }
}
