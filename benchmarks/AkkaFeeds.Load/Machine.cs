using System.Runtime.InteropServices;

namespace AkkaFeeds.Load;

/// <summary>What a figure was measured on.</summary>
internal static class Machine
{
    /// <summary>Cores, memory, runtime, kernel, configuration.</summary>
    public static string Describe() =>
        $"{Environment.ProcessorCount} cores ({Processor()}), {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, "
        + $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}";

    /// <summary>The command line that made the figures, without the folder of the program.</summary>
    public static string CommandLine() =>
        $"AkkaFeeds.Load {string.Join(' ', Environment.GetCommandLineArgs().Skip(1))}";

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo")
            .Where(line => line.StartsWith("model name", StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim())
            .FirstOrDefault("unknown");
}
