using System.Runtime.CompilerServices;
using AkkaFeeds.Telemetry;
using Xunit;

namespace AkkaFeeds.Tests.Telemetry;

public sealed class MetricsDocumentTests
{
    [Fact]
    public void The_document_is_what_the_definitions_say()
    {
        var path = Path.Combine(Root(), "docs", "metrics.md");
        if (Environment.GetEnvironmentVariable("AKKAFEEDS_TEST_APPROVE") == "1")
        {
            File.WriteAllText(path, MetricsDocument.Write());
        }

        Assert.Equal(MetricsDocument.Write(), File.ReadAllText(path));
    }

    [Fact]
    public void Names_follow_their_kind()
    {
        foreach (var definition in MetricDefinitions.All)
        {
            Assert.Equal(
                definition.Kind == MetricKind.Counter, definition.Name.EndsWith("_total", StringComparison.Ordinal));
            Assert.EndsWith(".", definition.Help, StringComparison.Ordinal);
        }
    }

    private static string Root([CallerFilePath] string here = "")
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AkkaFeeds.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"no solution above {here}");
        }

        return folder;
    }
}
