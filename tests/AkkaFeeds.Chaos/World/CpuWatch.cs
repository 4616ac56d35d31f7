using System.Diagnostics;
using System.Globalization;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Chaos.World;

/// <summary>
/// How much of the machine others use: a round in which that was nearly everything says nothing about the product.
/// </summary>
internal sealed class CpuWatch : IAsyncDisposable
{
    private const int Seconds = 5;
    private const double TooMuch = 0.9;

    private readonly CancellationTokenSource stop = new();
    private readonly Queue<double> others = new();
    private readonly Task watching;

    public CpuWatch() => watching = Task.Run(WatchAsync);

    /// <summary>Whether others have used more than 90 % of the machine for 5 s.</summary>
    public bool IsStarved
    {
        get
        {
            lock (others)
            {
                return others.Count == Seconds && others.All(share => share > TooMuch);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watching;
        stop.Dispose();
    }

    private async Task WatchAsync()
    {
        var (busy, all, own) = (Busy().Busy, Busy().All, Own());
        while (!stop.IsCancellationRequested)
        {
            await Waiting.PauseAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
            var (busyNow, allNow) = Busy();
            var ownNow = Own();
            var share = Math.Max(0, busyNow - busy - Math.Max(0, ownNow - own)) / (double)Math.Max(1, allNow - all);
            (busy, all, own) = (busyNow, allNow, ownNow);
            lock (others)
            {
                others.Enqueue(share);
                if (others.Count > Seconds)
                {
                    others.Dequeue();
                }
            }
        }
    }

    private static (long Busy, long All) Busy()
    {
        long[] fields = [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1).Take(8).Select(text => long.Parse(text, CultureInfo.InvariantCulture))];
        return (fields.Sum() - fields[3] - fields[4], fields.Sum());
    }

    /// <summary>Ticks of this process and of all that descends from it.</summary>
    private static long Own()
    {
        var processes = new Dictionary<int, (int Parent, long Ticks)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id)
                && Read(Path.Combine(folder, "stat")) is { } found)
            {
                processes[id] = found;
            }
        }

        var self = Environment.ProcessId;
        return processes.Where(each => IsBelow(each.Key)).Sum(each => each.Value.Ticks);

        bool IsBelow(int id)
        {
            for (var depth = 0; depth < 20; depth++)
            {
                if (id == self)
                {
                    return true;
                }

                if (!processes.TryGetValue(id, out var process))
                {
                    return false;
                }

                id = process.Parent;
            }

            return false;
        }
    }

    private static (int Parent, long Ticks)? Read(string file)
    {
        try
        {
            var text = File.ReadAllText(file);
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (int.Parse(fields[1], CultureInfo.InvariantCulture),
                long.Parse(fields[11], CultureInfo.InvariantCulture)
                + long.Parse(fields[12], CultureInfo.InvariantCulture));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
