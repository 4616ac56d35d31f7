using AkkaFeeds.Harness;

namespace AkkaFeeds.Load;

/// <summary>
/// A program in C whose source stands in the repository, compiled when it is wanted: the driver, so that it costs less
/// than what it measures, and the floor, so that nothing but the kernel is in its figure.
/// </summary>
internal static class NativeProgram
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>The driver of connections.</summary>
    public static Task<string> DriverAsync(TemporaryFolder folder) =>
        CompileAsync(folder, "driver", Path.Combine("benchmarks", "AkkaFeeds.Load", "Fanout", "Driver"));

    /// <summary>The floor: epoll and send.</summary>
    public static Task<string> FloorAsync(TemporaryFolder folder) =>
        CompileAsync(folder, "floor", Path.Combine("benchmarks", "peers", "floor"));

    private static async Task<string> CompileAsync(TemporaryFolder folder, string name, string sources)
    {
        var output = folder.File(name);
        var files = Directory.GetFiles(Path.Combine(ServerBinary.Root, sources), "*.c").Order(StringComparer.Ordinal);
        try
        {
            await using var compiler = ChildProcess.Start(
                "gcc", ["-O2", "-Wall", "-Wextra", "-Werror", "-o", output, .. files]);
            return await compiler.ExitAsync(Limit) == 0
                ? output
                : throw new InvalidOperationException($"gcc: {sources}: it did not compile\n{compiler.Tail}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new UsageException("gcc: the load driver is a C program, and no compiler is here (build-essential)");
        }
    }
}
