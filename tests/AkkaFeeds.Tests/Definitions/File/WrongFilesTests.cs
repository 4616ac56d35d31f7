using System.Text;
using AkkaFeeds.Definitions;
using AkkaFeeds.Definitions.Files;
using Xunit;

namespace AkkaFeeds.Tests.Definitions.Files;

/// <summary>The cases of <c>wrong-files.txt</c>: what a user may write, and word by word what he is told.</summary>
public sealed class WrongFilesTests
{
    private const string BrokersLine = "kafka: { brokers: 127.0.0.1:9092 }\n";
    private const string FeedsLine = "feeds: { f: { from: { topic: t }, view: { n: count() } } }\n";

    [Fact]
    public void Each_wrong_file_is_answered_with_exactly_these_errors()
    {
        var path = Path.Combine(Repository.Folder, "tests/AkkaFeeds.Tests/Definitions/File/wrong-files.txt");
        var cases = File.ReadAllText(path).Split("\n== ")[1..];
        Assert.True(cases.Length >= 60, $"only {cases.Length} cases");
        var actual = new StringBuilder(
            "Cases: a name, a file (what it lacks of kafka and feeds is added at its end), the errors.\n");
        foreach (var text in cases)
        {
            var (head, _) = Cut(text);
            actual.Append("\n== ").Append(head).Append("\n--\n").Append(Errors(head));
        }

        if (Environment.GetEnvironmentVariable("AKKAFEEDS_TEST_APPROVE") == "1")
        {
            File.WriteAllText(path, actual.ToString());
        }

        foreach (var text in cases)
        {
            var (head, expected) = Cut(text);
            Assert.Equal($"{head}\n{expected.Trim()}", $"{head}\n{Errors(head).Trim()}");
            Assert.False(string.IsNullOrWhiteSpace(Errors(head)), $"{head}: no error");
        }
    }

    private static (string Head, string Expected) Cut(string text)
    {
        var end = text.IndexOf("\n--\n", StringComparison.Ordinal);
        return end < 0 ? (text.TrimEnd('\n'), "") : (text[..end], text[(end + 4)..]);
    }

    private static string Errors(string head)
    {
        var lines = head.Split('\n')[1..];
        var variables = Settings(lines, "$env ").ToDictionary(pair => pair.Name, pair => pair.Value);
        var sets = Settings(lines, "$set ").ToList();
        var body = string.Join('\n', lines.Where(line => !line.StartsWith('$'))) + "\n";
        var whole = body
            + (lines.Any(line => line.StartsWith("kafka:", StringComparison.Ordinal)) ? "" : BrokersLine)
            + (lines.Any(line => line.StartsWith("feeds:", StringComparison.Ordinal)) ? "" : FeedsLine);
        var (options, errors) = FeedsFile.Parse(
            head.StartsWith('!') ? body.Replace("\\n", "\n", StringComparison.Ordinal) : whole,
            "a.yaml", "/folder", variables, sets);
        Assert.Equal(errors.Count == 0, options is not null);
        return string.Concat(errors.Select(error => $"{error}\n"));
    }

    private static IEnumerable<(string Name, string Value)> Settings(string[] lines, string mark) =>
        from line in lines
        where line.StartsWith(mark, StringComparison.Ordinal)
        let sign = line.IndexOf('=', StringComparison.Ordinal)
        select (line[mark.Length..sign], line[(sign + 1)..]);
}
