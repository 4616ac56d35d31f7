using System.Globalization;
using System.Text.RegularExpressions;

namespace AkkaFeeds.Definitions.Files;

/// <summary>Durations (<c>ms s m h d</c>) and sizes (<c>64MiB</c>, <c>8MB</c>, plain bytes) as text.</summary>
internal static partial class Units
{
    private static readonly (string Suffix, long Ticks)[] Durations =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond), ("ms", TimeSpan.TicksPerMillisecond),
    ];

    private static readonly (string Suffix, long Bytes)[] Sizes =
    [
        ("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10),
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000), ("B", 1), ("", 1),
    ];

    /// <summary>Reads a number with a unit of time, exact to a tick; null where it is none or too large.</summary>
    public static TimeSpan? ParseDuration(string text)
    {
        var match = NumberAndUnit().Match(text);
        var unit = Array.Find(Durations, each => each.Suffix == match.Groups["unit"].Value);
        return match.Success && unit.Ticks > 0 && Scale(match.Groups["number"].Value, unit.Ticks) is { } ticks
            ? TimeSpan.FromTicks(ticks)
            : null;
    }

    /// <summary>Reads a number of bytes; null where it is none or too large.</summary>
    public static long? ParseSize(string text)
    {
        var match = NumberAndUnit().Match(text);
        var unit = Array.Find(
            Sizes, each => each.Suffix.Equals(match.Groups["unit"].Value, StringComparison.OrdinalIgnoreCase));
        return match.Success && unit.Bytes > 0 ? Scale(match.Groups["number"].Value, unit.Bytes) : null;
    }

    /// <summary>A duration in its largest whole unit.</summary>
    public static string ShowDuration(TimeSpan value)
    {
        var unit = value == TimeSpan.Zero ? Durations[3]
            : Array.Find(Durations, each => value.Ticks % each.Ticks == 0);
        return unit.Ticks == 0 ? $"{value.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)}ms"
            : $"{(value.Ticks / unit.Ticks).ToString(CultureInfo.InvariantCulture)}{unit.Suffix}";
    }

    /// <summary>A size in its largest whole binary unit.</summary>
    public static string ShowSize(long value)
    {
        var unit = value == 0 ? Sizes[^1]
            : Array.Find(Sizes, each => each.Suffix is not ("TB" or "GB" or "MB" or "KB" or "B")
            && value % each.Bytes == 0);
        return $"{(value / unit.Bytes).ToString(CultureInfo.InvariantCulture)}{unit.Suffix}";
    }

    private static long? Scale(string number, long unit)
    {
        try
        {
            var scaled = decimal.Parse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * unit;
            return scaled <= long.MaxValue && decimal.IsInteger(scaled) ? (long)scaled : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^(?<number>[0-9]+(\.[0-9]+)?)(?<unit>[A-Za-z]*)\z", RegexOptions.NonBacktracking)]
    private static partial Regex NumberAndUnit();
}
