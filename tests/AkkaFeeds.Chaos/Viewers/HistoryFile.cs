using System.Text;
using AkkaFeeds.LogOracle;

namespace AkkaFeeds.Chaos.Viewers;

/// <summary>The frames of all clients, in the order in which they came. Safe for several threads.</summary>
internal sealed class HistoryFile(string file) : IDisposable
{
    private readonly StreamWriter writer = new(file, append: false, Encoding.UTF8, bufferSize: 1 << 16);
    private readonly Lock gate = new();

    /// <summary>How many lines there are.</summary>
    public long Count { get; private set; }

    public void Add(FrameLine line)
    {
        lock (gate)
        {
            Count++;
            writer.WriteLine(line.ToString());
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            writer.Dispose();
        }
    }
}
