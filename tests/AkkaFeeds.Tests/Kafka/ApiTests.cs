using System.Runtime.CompilerServices;
using AkkaFeeds.Kafka;
using PublicApiGenerator;
using Xunit;

namespace AkkaFeeds.Tests.Kafka;

public sealed class ApiTests
{
    [Fact]
    public void The_public_surface_is_the_approved_one()
    {
        var options = new ApiGeneratorOptions { IncludeAssemblyAttributes = false };
        var actual = typeof(KafkaConsumer).Assembly.GeneratePublicApi(options).ReplaceLineEndings("\n").Trim()
            .Split('\n');
        var path = Path.Combine(Path.GetDirectoryName(ThisFile())!, "ApprovedApi.txt");
        var approved = File.ReadAllText(path).ReplaceLineEndings("\n").Trim().Split('\n');

        var added = actual.Except(approved).Select(line => $"+ {line.Trim()}");
        var removed = approved.Except(actual).Select(line => $"- {line.Trim()}");
        var difference = string.Join('\n', removed.Concat(added));

        Assert.True(
            actual.SequenceEqual(approved),
            $"The surface of AkkaFeeds.Kafka differs from ApprovedApi.txt; if that is meant, approve it there:\n{difference}\n\n"
            + string.Join('\n', actual));
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
