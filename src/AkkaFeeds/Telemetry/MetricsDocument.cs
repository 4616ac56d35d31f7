using System.Text;

namespace AkkaFeeds.Telemetry;

/// <summary>docs/metrics.md, made from the definitions; a test holds the file equal to it.</summary>
public static class MetricsDocument
{
    /// <summary>The document.</summary>
    public static string Write()
    {
        var text = new StringBuilder();
        text.Append(
            """
            # Metrics

            Generated from `MetricDefinitions`. Read them at `/metrics` of the admin port (Prometheus text format), or,
            without histograms, traffic and what the process is, through the .NET meter `AkkaFeeds`. Labels come from closed sets, never from a key, a user or a connection:

            | label | values |
            |---|---|
            | `feed` | the feeds of the file |
            | `partition` | `topic/partition` of a feed's topics |
            | `outcome` | `applied`, `duplicate`, `filtered`, `late`, `quarantined` |
            | `reason` | `decode`, `bad-key`, `time`, `future`, `type`, `overflow`, `limit` |
            | `state` | `rebuilding`, `blank`, `stale`, `partial`, `live` |
            | `generation` | 0, 1, 2: the garbage collector's |

            | metric | kind | unit | labels | meaning |
            |---|---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var definition in MetricDefinitions.All)
        {
            var labels = string.Join(", ", definition.Labels.Select(label => $"`{label}`"));
            var kind = definition.Kind.ToString().ToLowerInvariant();
            text.Append($"| `{definition.Name}` | {kind} | `{definition.Unit}` | {labels} | {definition.Help} |\n");
        }

        return text.ToString();
    }
}
