using System.Globalization;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Compilation;
using AkkaFeeds.Server.Cli.Sampling;
using AkkaFeeds.Server.Config;
using AkkaFeeds.Server.Edge;

namespace AkkaFeeds.Server.Cli;

/// <summary><c>akkafeeds check FILE</c>: the file, and on demand what would become of records of its topics.</summary>
internal static class CheckCommand
{
    private const int SampleRecordsMax = 1_000_000;

    public static async Task<int> RunAsync(Invocation invocation, TextWriter output, TextWriter errors)
    {
        var path = invocation.Arguments[0];
        var sample = invocation.Value("--sample") is { } text ? SampleCount(text) : 0;
        var positions = invocation.Values("--explain").Select(Position).ToList();
        var file = LoadedFile.Load(path, invocation.Sets());
        var model = new CheckModel(path, file);
        if (file.Options is not null && (sample > 0 || positions.Count > 0))
        {
            Read(file, sample, positions, model);
        }

        await output.WriteAsync(invocation.Has("--json") ? CheckJson.Write(model) : CheckText.Write(model))
            .ConfigureAwait(false);
        return file.Options is not null ? 0 : throw FileErrors.Report(path, file.Errors, invocation, errors);
    }

    private static void Read(LoadedFile file, int sample, List<RecordPosition> positions, CheckModel model)
    {
        var kafka = file.Options!.Kafka;
        if (kafka.Embedded)
        {
            throw UsageError.Of(
                "kafka.brokers", "an embedded Kafka is empty before it starts: there is nothing to read",
                "give the brokers of a Kafka that holds the topics, with --set kafka.brokers=HOST:PORT");
        }

        if (positions.Find(position => !Reads(file, position.Topic)) is { } foreign)
        {
            throw UsageError.Of(
                foreign.ToString(), $"no feed of the file reads topic {ShownText.Quote(foreign.Topic)}",
                $"give a position of {string.Join(", ", Topics(file))}");
        }

        using var sampler = new TopicSampler(kafka);
        foreach (var topic in sample > 0 ? Topics(file) : [])
        {
            var folds = Readers(file, topic).ConvertAll(feed =>
                (Fold: new SampleFold(feed), Report: new SampleReport(feed.Definition.Name, topic)));
            foreach (var record in sampler.Newest(topic, sample))
            {
                folds.ForEach(pair => pair.Report.Add(record.Position, pair.Fold.Add(record)));
            }

            model.Samples.AddRange(folds.Select(pair => pair.Report));
        }

        foreach (var position in positions)
        {
            var record = sampler.At(position);
            foreach (var feed in Readers(file, position.Topic))
            {
                var steps = new List<string>();
                var outcome = new SampleFold(feed).Add(record, steps);
                model.Explanations.Add(new Explanation(feed.Definition.Name, position, outcome, steps));
            }
        }
    }

    private static int SampleCount(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        && count is >= 1 and <= SampleRecordsMax
            ? count
            : throw UsageError.Of(
                "--sample", $"{ShownText.Quote(text)} is no number of records",
                string.Create(CultureInfo.InvariantCulture, $"give a whole number from 1 to {SampleRecordsMax}"));

    private static RecordPosition Position(string text)
    {
        var slash = text.LastIndexOf('/');
        var colon = text.LastIndexOf(':');
        var culture = CultureInfo.InvariantCulture;
        return slash > 0 && colon > slash
            && int.TryParse(text[(slash + 1)..colon], NumberStyles.None, culture, out var partition)
            && long.TryParse(text[(colon + 1)..], NumberStyles.None, culture, out var offset)
            ? new RecordPosition(text[..slash], partition, offset)
            : throw UsageError.Of(
                "--explain", $"{ShownText.Quote(text)} is no position",
                "write topic/partition:offset, such as flights/3:1234");
    }

    private static List<string> Topics(LoadedFile file) =>
        [.. file.Feeds.SelectMany(feed => feed.Definition.Topics).Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)];

    private static List<CompiledFeed> Readers(LoadedFile file, string topic) =>
        [.. file.Feeds.Where(feed => feed.Definition.Topics.Contains(topic))
            .OrderBy(feed => feed.Definition.Name, StringComparer.Ordinal)];

    private static bool Reads(LoadedFile file, string topic) =>
        file.Feeds.Any(feed => feed.Definition.Topics.Contains(topic));
}
