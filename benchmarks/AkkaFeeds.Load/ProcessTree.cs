using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace AkkaFeeds.Load;

/// <summary>This process and all that it started, directly or not.</summary>
internal static class ProcessTree
{
    private static readonly TimeSpan UnwindingMax = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The processes that live, with their processor time and that of the ended ones that they waited for.
    /// </summary>
    public static IReadOnlyList<(int Id, double Ticks)> Read()
    {
        var parents = new Dictionary<int, int>();
        var ticks = new Dictionary<int, double>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id)
                && TryRead(Path.Combine(folder, "stat")) is { } text)
            {
                // The name of the program stands in parentheses and may hold anything; the fields follow the last one.
                var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
                parents[id] = (int)Number(fields[1]);
                ticks[id] = Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14]);
            }
        }

        return [.. ticks.Where(pair => IsOurs(pair.Key, parents)).Select(pair => (pair.Key, pair.Value))];
    }

    /// <summary>
    /// On Ctrl+C and SIGTERM, ends what was started, by id: whoever waits for one of these then fails, so that the
    /// program unwinds and removes its folders.
    /// </summary>
    public static IDisposable EndOnSignal() => new Registrations(
        PosixSignalRegistration.Create(PosixSignal.SIGINT, End),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, End));

    private static void End(PosixSignalContext context)
    {
        context.Cancel = true;
        foreach (var (id, _) in Read())
        {
            if (id != Environment.ProcessId)
            {
                Kill(id);
            }
        }

        _ = TimeProvider.System.CreateTimer(_ => Environment.Exit(1), null, UnwindingMax, Timeout.InfiniteTimeSpan);
    }

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }
    }

    private static bool IsOurs(int id, Dictionary<int, int> parents)
    {
        for (var depth = 0; depth < 64 && id > 1; depth++)
        {
            if (id == Environment.ProcessId)
            {
                return true;
            }

            if (!parents.TryGetValue(id, out id))
            {
                return false;
            }
        }

        return false;
    }

    private static string? TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private sealed class Registrations(params IDisposable[] all) : IDisposable
    {
        public void Dispose() => Array.ForEach(all, one => one.Dispose());
    }
}
