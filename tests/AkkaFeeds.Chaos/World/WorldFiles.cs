using System.Diagnostics;
using System.Globalization;
using AkkaFeeds.Chaos.Viewers;
using AkkaFeeds.LogOracle;

namespace AkkaFeeds.Chaos.World;

/// <summary>The files of a run that grow while it runs.</summary>
internal sealed class WorldFiles(RunFolder folder) : IDisposable
{
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly StreamWriter log = new(folder.Of("chaos.log"), append: false) { AutoFlush = true };
    private readonly StreamWriter commits = new(folder.Commits, append: false);
    private readonly Lock gate = new();

    public RunFolder Folder => folder;

    public HistoryFile History { get; } = new(folder.History);

    /// <summary>The full disk of the node alone; null where none could be made.</summary>
    public DiskLimit? LimitedStore { get; set; }

    /// <summary>Writes a line about what is going on.</summary>
    public void Say(string line)
    {
        lock (gate)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds,6:F1} {line}");
            log.WriteLine(text);
            Console.WriteLine(text);
        }
    }

    /// <summary>Notes commits of a group.</summary>
    public void Commits(string group, IEnumerable<(int Partition, long Offset)> offsets)
    {
        lock (gate)
        {
            foreach (var (partition, offset) in offsets)
            {
                commits.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}\t{group}\t{partition}\t{offset}"));
            }
        }
    }

    /// <summary>Writes what is left of the commits.</summary>
    public void CloseCommits()
    {
        lock (gate)
        {
            commits.Dispose();
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            commits.Dispose();
            log.Dispose();
        }

        History.Dispose();
    }
}
