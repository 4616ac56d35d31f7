using System.Collections.Concurrent;

namespace AkkaFeeds.Telemetry;

/// <summary>The series of one metric, by the values of its labels (two at the most). Any thread may write and
/// read.</summary>
internal sealed class MetricFamily(MetricDefinition definition)
{
    private readonly ConcurrentDictionary<(string First, string Second), Cell> cells = new();

    public MetricDefinition Definition { get; } = definition;

    public void Add(string first, string second, double amount) => Of(first, second).Add(amount);

    public void Set(string first, string second, double value) => Of(first, second).Set(value);

    public void Remove(string first, string second) => cells.TryRemove((first, second), out _);

    /// <summary>The series in the order of their labels, so that two scrapes of the same state are the same
    /// bytes.</summary>
    public IEnumerable<(string First, string Second, double Value)> Read() =>
        cells.Select(pair => (pair.Key.First, pair.Key.Second, pair.Value.Read()))
            .OrderBy(series => series.First, StringComparer.Ordinal)
            .ThenBy(series => series.Second, StringComparer.Ordinal);

    private Cell Of(string first, string second) => cells.GetOrAdd((first, second), static _ => new Cell());

    /// <summary>One number. A compare-and-swap loop because a double has no interlocked addition; writers are batches,
    /// not records.</summary>
    private sealed class Cell
    {
        private double value;

        public double Read() => Volatile.Read(ref value);

        public void Set(double newValue) => Volatile.Write(ref value, newValue);

        public void Add(double amount)
        {
            var seen = Volatile.Read(ref value);
            while (true)
            {
                var before = Interlocked.CompareExchange(ref value, seen + amount, seen);
                if (before.Equals(seen))
                {
                    return;
                }

                seen = before;
            }
        }
    }
}
