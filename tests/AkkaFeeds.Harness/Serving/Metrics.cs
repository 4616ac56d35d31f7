using System.Globalization;

namespace AkkaFeeds.Harness;

/// <summary>One reading of <c>/metrics</c>, in Prometheus' text format.</summary>
public sealed class Metrics
{
    private readonly List<Sample> samples = [];

    private Metrics()
    {
    }

    /// <summary>Reads the text; lines that start with # are skipped.</summary>
    /// <exception cref="FormatException">A line is neither a comment nor a sample.</exception>
    public static Metrics Parse(string text)
    {
        var metrics = new Metrics();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!line.StartsWith('#'))
            {
                metrics.samples.Add(Sample.Parse(line));
            }
        }

        return metrics;
    }

    /// <summary>The product's own series that are not 0, a line each, and its lag.</summary>
    public string Interesting => string.Join('\n', samples
        .Where(sample => (sample.Value != 0 || sample.Name == "akkafeeds_lag_records")
            && sample.Name.StartsWith("akkafeeds_", StringComparison.Ordinal)
            && !sample.Name.EndsWith("_bucket", StringComparison.Ordinal))
        .Select(sample => $"{sample.Name}{{{LabelsOf(sample.Labels)}}} {sample.Value}"));

    /// <summary>How many series a metric has that carry all of these labels.</summary>
    public int Count(string name, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var count = 0;
        foreach (var sample in samples)
        {
            count += sample.Matches(name, labels) ? 1 : 0;
        }

        return count;
    }

    /// <summary>The sum of the series of a metric that carry all of these labels; 0 where there is none.</summary>
    public double Sum(string name, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var sum = 0.0;
        foreach (var sample in samples)
        {
            sum += sample.Matches(name, labels) ? sample.Value : 0;
        }

        return sum;
    }

    private sealed record Sample(string Name, Dictionary<string, string> Labels, double Value)
    {
        public static Sample Parse(string line)
        {
            var labels = new Dictionary<string, string>(StringComparer.Ordinal);
            var open = line.IndexOf('{', StringComparison.Ordinal);
            var close = open < 0 ? -1 : line.LastIndexOf('}');
            var name = open < 0 ? line[..line.IndexOf(' ', StringComparison.Ordinal)] : line[..open];
            if (open >= 0)
            {
                ParseLabels(line[(open + 1)..close], labels);
            }

            var value = (open < 0 ? line[name.Length..] : line[(close + 1)..]).TrimStart().Split(' ')[0];
            return new(name, labels, value switch
            {
                "+Inf" => double.PositiveInfinity,
                "-Inf" => double.NegativeInfinity,
                _ => double.Parse(value, CultureInfo.InvariantCulture),
            });
        }

        public bool Matches(string name, ReadOnlySpan<(string Name, string Value)> labels)
        {
            if (Name != name)
            {
                return false;
            }

            foreach (var (label, value) in labels)
            {
                if (!Labels.TryGetValue(label, out var actual) || actual != value)
                {
                    return false;
                }
            }

            return true;
        }

        private static void ParseLabels(string text, Dictionary<string, string> labels)
        {
            var at = 0;
            while (at < text.Length)
            {
                var equals = text.IndexOf('=', at);
                var name = text[at..equals].Trim(' ', ',');
                var end = equals + 2;
                while (text[end] != '"')
                {
                    end += text[end] == '\\' ? 2 : 1;
                }

                labels[name] = text[(equals + 2)..end];
                at = end + 1;
            }
        }
    }

    private static string LabelsOf(IEnumerable<KeyValuePair<string, string>> labels) =>
        string.Join(',', labels.Select(label => $"{label.Key}={label.Value}"));
}
