using System.Reflection;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AkkaFeeds.Server.Config;

/// <summary>
/// The oldest ASP.NET Core that this process should run on. It comes with the machine, not with us, and older ones
/// have known holes that no setting of ours closes.
/// </summary>
internal static class RuntimeFloor
{
    /// <summary>The floor.</summary>
    public static readonly Version Oldest = new(10, 0, 13);

    /// <summary>Why it is where it is.</summary>
    public const string Holes = "CVE-2026-88092 (tampering) and CVE-2026-70188 (security feature bypass)";

    /// <summary>What is installed, as its own assembly says.</summary>
    public static string Found() => typeof(KestrelServerOptions).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    /// <summary>Whether a version is older than the floor; what is no version is.</summary>
    /// <param name="version">Such as <c>10.0.12</c>; a preview comes before its version.</param>
    public static bool IsBelow(string version)
    {
        var parts = version.Split('-', 2);
        return !Version.TryParse(parts[0], out var number) || number < Oldest
            || (number == Oldest && parts.Length > 1);
    }

    /// <summary>Says once, in the log, that what is installed is too old.</summary>
    public static void Warn(Serilog.ILogger logger, string found)
    {
        if (IsBelow(found))
        {
            logger.Warning(
                "ASP.NET Core {Found:l} is older than {Oldest:l}, which closes {Holes:l}: install a newer shared framework",
                found, Oldest.ToString(), Holes);
        }
    }
}
