using System.Globalization;

namespace AkkaFeeds.Definitions.Files;

/// <summary>A limit that is no option, as docs/configuration.md has it.</summary>
/// <param name="What">What is limited.</param>
/// <param name="Value">The limit.</param>
/// <param name="Unit">Its unit; empty for a count.</param>
/// <param name="Effect">What happens at the limit.</param>
public sealed record FixedLimit(string What, string Value, string Unit, string Effect)
{
    /// <summary>A limit of a count, or of the unit that is given.</summary>
    public FixedLimit(string what, long value, string unit, string effect)
        : this(what, value.ToString("N0", CultureInfo.InvariantCulture), unit, effect)
    {
    }

    /// <summary>A size, in its largest whole unit.</summary>
    public static FixedLimit Size(string what, long bytes, string effect) =>
        new(what, Units.ShowSize(bytes), "bytes", effect);

    /// <summary>A duration, in its largest whole unit.</summary>
    public static FixedLimit Duration(string what, TimeSpan duration, string effect) =>
        new(what, Units.ShowDuration(duration), "", effect);
}
